#include "process/read_printed.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

namespace mock_robot {
namespace {

using nlohmann::json;
using payload_manager::Duration;

Duration DurationFrom(const json& seconds) {
  return Duration(std::llround(seconds.get<double>() * 1e9));
}

std::string TextOrNothing(const json& text) {
  return text.is_null() ? std::string() : text.get<std::string>();
}

// The digits of `text` from `at` on, `count` of them; -1 if there is anything else.
int Digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int number = 0;
  for (const char digit : text.substr(at, count)) {
    if (digit < '0' || digit > '9') return -1;
    number = number * 10 + (digit - '0');
  }
  return number;
}

}  // namespace

PayloadFacts PayloadFrom(const json& printed) {
  PayloadFacts facts;
  facts.guid = printed.at("guid").get<std::string>();
  facts.name = printed.at("name").get<std::string>();
  facts.authorized = printed.at("authorized").get<bool>();
  facts.attached = printed.at("attached").get<bool>();
  facts.credentials_known = printed.at("credentials_known").get<bool>();
  facts.version = TextOrNothing(printed.at("version"));
  facts.preset = printed.at("preset_applied").get<std::string>();
  facts.registrations = printed.at("registrations").get<std::uint64_t>();
  return facts;
}

FaultFacts FaultFrom(const json& printed) {
  FaultFacts facts;
  facts.id = printed.at("id").get<FaultId>();
  facts.kind = printed.at("kind").get<std::string>();
  facts.calls = {.rpc = TextOrNothing(printed.at("rpc")),
                 .guid = TextOrNothing(printed.at("guid")),
                 .client_name = TextOrNothing(printed.at("client"))};
  if (!printed.at("times").is_null()) facts.times = printed.at("times").get<std::uint64_t>();
  if (!printed.at("for").is_null()) facts.lasts = DurationFrom(printed.at("for"));
  facts.probability = printed.at("probability").get<double>();
  facts.fired = printed.at("fired").get<std::uint64_t>();
  facts.held = printed.at("held").get<std::uint64_t>();
  facts.spent = printed.at("spent").get<bool>();
  return facts;
}

JournalEntry EntryFrom(const json& printed) {
  JournalEntry entry;
  entry.number = printed.at("number").get<std::uint64_t>();
  entry.received = TimeFrom(printed.at("time").get<std::string>()).value_or(RobotTime());
  entry.rpc = printed.at("rpc").get<std::string>();
  entry.guid = printed.at("guid").get<std::string>();
  entry.client_name = printed.at("client").get<std::string>();
  entry.peer = printed.at("peer").get<std::string>();
  entry.answered = printed.at("answered").get<bool>();
  if (entry.answered) {
    entry.outcome = printed.at("outcome").get<std::string>();
    entry.took = DurationFrom(printed.at("took"));
    entry.call_status = printed.at("call_status").get<int>();
    entry.header_code = printed.at("header_code").get<int>();
    entry.status = printed.at("status").get<int>();
  }
  if (!printed.at("fault").is_null()) entry.fault = printed.at("fault").get<FaultId>();
  entry.request_text = TextOrNothing(printed.at("request"));
  entry.answer_text = TextOrNothing(printed.at("answer"));
  return entry;
}

std::optional<RobotTime> TimeFrom(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  if (text.size() <= kForm.size() || text.back() != 'Z') return std::nullopt;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == '0' ? !digit : text[i] != kForm[i]) return std::nullopt;
  }
  const auto day = std::chrono::year(Digits(text, 0, 4)) /
                   std::chrono::month(static_cast<unsigned>(Digits(text, 5, 2))) /
                   std::chrono::day(static_cast<unsigned>(Digits(text, 8, 2)));
  if (!day.ok()) return std::nullopt;
  std::string decimals(text.substr(kForm.size(), text.size() - kForm.size() - 1));
  if (decimals.size() == 1 || decimals.size() > 10) return std::nullopt;
  if (!decimals.empty() && decimals[0] != '.') return std::nullopt;
  decimals.resize(10, '0');
  const int nanoseconds = Digits(decimals, 1, 9);
  if (nanoseconds < 0) return std::nullopt;
  return RobotTime(std::chrono::sys_days(day)) + std::chrono::hours(Digits(text, 11, 2)) +
         std::chrono::minutes(Digits(text, 14, 2)) + std::chrono::seconds(Digits(text, 17, 2)) +
         std::chrono::nanoseconds(nanoseconds);
}

}  // namespace mock_robot
