#include "process/fault_words.h"

#include <nlohmann/json.hpp>
#include <variant>

namespace mock_robot {
namespace {

using payload_manager::Checked;
using payload_manager::Duration;
using payload_manager::Failed;
using payload_manager::Problem;
using Words = std::vector<std::string>;

// Of what is left out nothing is said: payloadctl takes no empty values.
void Add(const char* flag, const std::string& value, Words& words) {
  if (!value.empty()) words.push_back(std::string("--") + flag + '=' + value);
}

// One overload per kind that has something to say.
struct KindWords {
  Words& words;

  void operator()(const fault::Latency& latency) const {
    Add("delay", Seconds(latency.at_least), words);
    if (latency.at_most > latency.at_least) Add("delay-max", Seconds(latency.at_most), words);
    if (latency.shape == fault::Latency::Shape::kExponential) words.emplace_back("--exponential");
  }
  void operator()(const fault::GrpcStatus& status) const {
    Add("code", std::to_string(status.code), words);
    Add("message", status.message, words);
    Add("details", status.details, words);
  }
  void operator()(const fault::HeaderError& error) const {
    Add("code", std::to_string(error.code), words);
    Add("message", error.message, words);
  }
  void operator()(const fault::Status& status) const { Add("status", status.status, words); }
  void operator()(const fault::Answer& answer) const {
    Add("answer", answer.text.value_or(""), words);
  }
  void operator()(const fault::ClockSkew& skew) const {
    if (skew.ahead < Duration(0)) {
      Add("behind", Seconds(-skew.ahead), words);
    } else {
      Add("ahead", Seconds(skew.ahead), words);
    }
  }
  void operator()(const fault::Reboot& reboot) const {
    if (reboot.down != Duration(0)) Add("down", Seconds(reboot.down), words);
  }
  template <typename Other>
  void operator()(const Other&) const {}
};

}  // namespace

std::string Seconds(Duration time) {
  constexpr Duration::rep kSecond = std::chrono::nanoseconds(std::chrono::seconds(1)).count();
  constexpr std::size_t kDecimals = 9;
  const bool negative = time < Duration(0);
  const auto of = [&](Duration::rep part) { return std::to_string(negative ? -part : part); };
  std::string decimals = of(time.count() % kSecond);
  decimals.insert(0, kDecimals - decimals.size(), '0');
  return (negative ? "-" : "") + of(time.count() / kSecond) + '.' + decimals;
}

Words WordsOf(const CallMatch& calls) {
  Words words;
  Add("rpc", calls.rpc, words);
  Add("guid", calls.guid, words);
  Add("client", calls.client_name, words);
  return words;
}

Checked<Words> WordsOf(const Fault& fault) {
  const auto* answer = std::get_if<fault::Answer>(&fault.what);
  if (answer != nullptr && answer->response != nullptr) {
    return Failed{Problem{"response: a robot in another process takes an answer's text only"}};
  }
  Words words{"mock", "inject", NameOf(fault.what)};
  for (std::string& word : WordsOf(fault.calls)) words.push_back(std::move(word));
  if (fault.times) Add("times", std::to_string(*fault.times), words);
  if (fault.lasts) Add("for", Seconds(*fault.lasts), words);
  // JSON has the shortest text that is this very number.
  if (fault.probability != 1) Add("probability", nlohmann::json(fault.probability).dump(), words);
  if (fault.seed != 0) Add("seed", std::to_string(fault.seed), words);
  if (fault.effect == Effect::kNone) Add("effect", "none", words);
  if (fault.effect == Effect::kTaken) Add("effect", "taken", words);
  std::visit(KindWords{words}, fault.what);
  return words;
}

}  // namespace mock_robot
