// What a mock robot was asked and what it answered.
#include <google/protobuf/util/time_util.h>

#include <charconv>

#include "payload_manager/base/text.h"
#include "tools/payloadctl/commands.h"

namespace payload_manager::payloadctl {
namespace {

namespace wire = ::mock_robot::v1;
using google::protobuf::util::TimeUtil;

Json Describe(const wire::JournalEntry& entry) {
  Json json;
  json["number"] = entry.number();
  json["time"] = TimeUtil::ToString(entry.received());
  json["rpc"] = entry.rpc();
  json["guid"] = entry.guid();
  json["client"] = entry.client_name();
  json["peer"] = entry.peer();
  json["answered"] = entry.answered();
  if (entry.answered()) {
    json["outcome"] = entry.outcome();
    json["took"] = static_cast<double>(TimeUtil::DurationToNanoseconds(entry.took())) / 1e9;
    json["call_status"] = entry.call_status();
    json["header_code"] = entry.header_code();
    json["status"] = entry.status();
  } else {
    for (const char* none : {"outcome", "took", "call_status", "header_code", "status"}) {
      json[none] = nullptr;
    }
  }
  json["fault"] = entry.fault() == 0 ? Json(nullptr) : Json(entry.fault());
  json["request"] = entry.request_text().empty() ? Json(nullptr) : Json(entry.request_text());
  json["answer"] = entry.answer_text().empty() ? Json(nullptr) : Json(entry.answer_text());
  return json;
}

std::string Milliseconds(const google::protobuf::Duration& time) {
  const std::int64_t microseconds = TimeUtil::DurationToMicroseconds(time);
  std::string decimals = std::to_string(microseconds % 1000);
  decimals.insert(0, 3 - decimals.size(), '0');
  return std::to_string(microseconds / 1000) + '.' + decimals + " ms";
}

// What was asked or answered, below its call.
std::string TextLine(const char* what, std::string text) {
  if (text.empty()) return {};
  ReplaceControls(text, '?');
  return std::string("    ") + what + ": " + text + '\n';
}

// One entry, one line; columns that fit most. Its texts, if they are kept, follow.
std::string Line(const wire::JournalEntry& entry) {
  const auto padded = [](std::string text, std::size_t width) {
    ReplaceControls(text, '?');
    text.resize(std::max(width, text.size()), ' ');
    return text;
  };
  std::string line = padded(TimeUtil::ToString(entry.received()), 30) + "  " +
                     padded(entry.rpc(), 21) + "  " + padded(entry.guid(), 36) + "  " +
                     padded(entry.client_name(), 16) + "  " + padded(entry.peer(), 21) + "  ";
  if (entry.answered()) {
    line += entry.outcome() + "  " + Milliseconds(entry.took());
  } else {
    line += "(waits)";
  }
  if (entry.fault() != 0) line += "  fault " + std::to_string(entry.fault());
  return line + '\n' + TextLine("request", entry.request_text()) +
         TextLine("answer", entry.answer_text());
}

wire::JournalFilter Filter(const cli::Arguments& arguments) {
  wire::JournalFilter filter;
  filter.set_rpc(arguments.Get("rpc").value_or(""));
  filter.set_guid(arguments.Get("guid").value_or(""));
  filter.set_client_name(arguments.Get("client").value_or(""));
  filter.set_outcome(arguments.Get("outcome").value_or(""));
  return filter;
}

Result Count(FaultAdmin& admin, Invocation& invocation) {
  wire::CountJournalRequest request;
  *request.mutable_filter() = Filter(invocation.arguments());
  const auto count = admin.CountJournal(request, invocation.call_options());
  if (!count.ok()) return CallFailed(count.error());
  Report report;
  report.json["answered"] = count->answered();
  report.json["waiting"] = count->waiting();
  report.json["exact"] = count->exact();
  report.text = std::to_string(count->answered()) + " answered, " +
                std::to_string(count->waiting()) + " waiting" +
                (count->exact() ? "" : " (too many GUIDs and clients to tell exactly)") + '\n';
  return report;
}

Result Await(FaultAdmin& admin, std::uint64_t count, Invocation& invocation) {
  wire::AwaitJournalRequest request;
  *request.mutable_filter() = Filter(invocation.arguments());
  request.set_count(count);
  const auto reached = admin.AwaitJournal(request, invocation.call_options());
  Report report;
  if (reached.ok()) {
    report.json["answered"] = reached->answered();
    report.text = std::to_string(reached->answered()) + " answered\n";
    return report;
  }
  if (reached.error().kind != FailureKind::kTimedOut) return CallFailed(reached.error());
  // A robot that can say how many there are is there; another one did not answer at all.
  wire::CountJournalRequest how_many;
  *how_many.mutable_filter() = request.filter();
  const auto counted = admin.CountJournal(how_many, invocation.call_options());
  if (!counted.ok()) return CallFailed(counted.error());
  return Failed{Trouble{cli::ExitCode::kTimedOut,
                        "--await: only " + std::to_string(counted->answered()) + " of " +
                            std::to_string(count) + " calls were answered in time"}};
}

Result Follow(FaultAdmin& admin, Invocation& invocation) {
  const bool json = invocation.arguments().Has("json");
  Environment& environment = invocation.environment();
  wire::FollowJournalRequest request;
  *request.mutable_filter() = Filter(invocation.arguments());
  CallOptions options = invocation.call_options();
  if (!invocation.arguments().Has("timeout")) options.timeout = std::nullopt;
  std::uint64_t missed = 0;
  const auto begun = [&environment] {
    environment.err() << "payloadctl: follows the journal from here on\n";
    environment.err().flush();
  };
  const auto done = admin.FollowJournal(request, options, begun, [&](const auto& response) {
    if (response.missed() > missed) {
      environment.err() << "payloadctl: warning: " << response.missed() - missed
                        << " entries came faster than they could be shown and were missed\n";
      missed = response.missed();
    }
    for (const auto& entry : response.entries()) {
      if (json) {
        environment.out() << Describe(entry).dump(-1, ' ', false, Json::error_handler_t::replace)
                          << '\n';
      } else {
        environment.out() << Line(entry);
      }
    }
    environment.out().flush();
    return environment.out().good();
  });
  if (!done.ok()) return CallFailed(done.error());
  Report report;
  report.shown = true;
  return report;
}

// A whole number from 1 on.
template <typename Number>
BasicOutcome<Number, Trouble> ReadCount(const std::string& flag, const std::string& text) {
  Number number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end || number == 0) {
    return BadInput("--" + flag + ": '" + text + "' is not a number from 1 on");
  }
  return number;
}

Result Run(Invocation& invocation) {
  const auto& arguments = invocation.arguments();
  std::string chosen;
  for (const char* flag : {"follow", "count", "await", "last"}) {
    if (!arguments.Has(flag)) continue;
    if (!chosen.empty()) return BadInput("--" + chosen + " and --" + flag + ": only one at a time");
    chosen = flag;
  }
  wire::ReadJournalRequest request;
  std::uint64_t awaited = 0;
  if (const auto last = arguments.Get("last")) {
    const auto number = ReadCount<std::uint32_t>("last", *last);
    if (!number.ok()) return Failed{number.error()};
    request.set_last(*number);
  }
  if (const auto count = arguments.Get("await")) {
    const auto number = ReadCount<std::uint64_t>("await", *count);
    if (!number.ok()) return Failed{number.error()};
    awaited = *number;
  }
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  if (arguments.Has("follow")) return Follow((*admin)->faults(), invocation);
  if (arguments.Has("count")) return Count((*admin)->faults(), invocation);
  if (awaited != 0) return Await((*admin)->faults(), awaited, invocation);

  *request.mutable_filter() = Filter(arguments);
  const auto journal = (*admin)->faults().ReadJournal(request, invocation.call_options());
  if (!journal.ok()) return CallFailed(journal.error());
  Report report;
  report.json["entries"] = Json::array();
  for (const auto& entry : journal->entries()) {
    report.json["entries"].push_back(Describe(entry));
    report.text += Line(entry);
  }
  report.json["overwritten"] = journal->overwritten();
  return report;
}

}  // namespace

Command MockJournalCommand() {
  return {"mock journal",
          {},
          "Show what the mock robot was asked and what it answered.",
          "A line per call: robot time, rpc, GUID, client, peer, outcome, how long it took. A call "
          "that\nhas to wait is shown twice. No secret and no token is in it. Of a robot that was "
          "started\nwith "
          "--journal-texts what was asked and answered follows.\n\n"
          "JSON: {\"entries\": [{\"number\", \"time\", \"rpc\", \"guid\", \"client\", \"peer\", "
          "\"answered\",\n\"outcome\", \"took\", \"call_status\", \"header_code\", "
          "\"status\" (null while waiting),\n\"fault\" (or null), \"request\", \"answer\" (null "
          "unless kept)}], "
          "\"overwritten\"}; with --follow an\nentry a line; with --count {\"answered\", "
          "\"waiting\", \"exact\"}; with --await {\"answered\"}",
          {{"rpc", "NAME", "Only calls of this rpc, like RegisterPayload."},
           {"guid", "GUID", "Only calls about this payload, or made with its token."},
           {"client", "NAME", "Only calls of clients of this name."},
           {"outcome", "NAME", "Only these, like OK, STATUS_ALREADY_EXISTS or UNAVAILABLE."},
           {"last", "N", "Only the latest N."},
           {"count", "", "How many; exact also when the oldest are kept no more."},
           {"await", "N",
            "Wait until N calls were answered, earlier ones included, for 30 s or --timeout; exit "
            "code 7 if they were not."},
           {"follow", "",
            "Show what comes from here on, until interrupted or for --timeout. A line on the error "
            "output says when it begins."}},
          &Run};
}

}  // namespace payload_manager::payloadctl
