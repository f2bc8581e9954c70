// MockRobotProcess: faults, journal and clock; the rest is in mock_robot_process.cc.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "process/fault_words.h"
#include "process/process_parts.h"
#include "process/read_printed.h"

namespace mock_robot {

using nlohmann::json;
using payload_manager::Checked;
using payload_manager::Done;
using payload_manager::Duration;
using payload_manager::Failed;
using payload_manager::Problem;

namespace {

using Words = std::vector<std::string>;

// How payloadctl exits if there is none of this number.
constexpr int kNoSuchFault = 8;

// What `read` makes of what the robot's administration printed for `words`.
template <typename Read>
auto Ask(const MockRobotProcess& robot, const Words& words, Read read)
    -> Checked<decltype(read(json()))> {
  const auto printed = robot.Run(words);
  if (!printed) return Failed{printed.error()};
  try {
    return read(json::parse(*printed));
  } catch (const json::exception&) {
    return Failed{Problem{"payloadctl " + words[0] + ' ' + words[1] +
                          ": printed something else than this library knows"}};
  }
}

template <typename T>
MockRobotProcess::Answer OnlyWhether(const Checked<T>& asked) {
  if (!asked) return Failed{asked.error()};
  return Done{};
}

std::uint64_t IdOf(const json& printed) { return printed.at("id").get<FaultId>(); }

Words JournalWords(const JournalFilter& filter) {
  Words words{"mock", "journal"};
  const CallMatch calls{.rpc = filter.rpc, .guid = filter.guid, .client_name = filter.client_name};
  for (std::string& word : WordsOf(calls)) words.push_back(std::move(word));
  if (!filter.outcome.empty()) words.push_back("--outcome=" + filter.outcome);
  return words;
}

}  // namespace

Checked<FaultId> MockRobotProcess::Inject(const Fault& fault) {
  const auto words = WordsOf(fault);
  if (!words) return Failed{words.error()};
  return Ask(*this, *words, IdOf);
}

Checked<std::vector<FaultFacts>> MockRobotProcess::Faults() const {
  return Ask(*this, {"mock", "faults"}, [](const json& printed) {
    std::vector<FaultFacts> list;
    for (const json& fault : printed.at("faults")) list.push_back(FaultFrom(fault));
    return list;
  });
}

MockRobotProcess::Answer MockRobotProcess::RemoveFault(FaultId id) {
  auto ran = parts_->Run({"mock", "faults", "--remove=" + std::to_string(id)}, parts_->patience);
  if (!ran) return Failed{ran.error()};
  if (ran->exit_code == 0 || ran->exit_code == kNoSuchFault) {
    const std::lock_guard lock(parts_->holds_mutex);
    std::erase_if(parts_->holds, [id](const auto& hold) { return hold.second == id; });
  }
  if (ran->exit_code != 0) return Failed{Problem{std::move(ran->problem)}};
  return Done{};
}

Checked<std::uint64_t> MockRobotProcess::RemoveFaults() {
  auto removed = Ask(*this, {"mock", "faults", "--remove-all"}, [](const json& printed) {
    return printed.at("removed").get<std::uint64_t>();
  });
  if (removed) {
    const std::lock_guard lock(parts_->holds_mutex);
    parts_->holds.clear();
  }
  return removed;
}

Checked<std::uint64_t> MockRobotProcess::ReleaseFault(FaultId id) {
  return Ask(*this, {"mock", "faults", "--release=" + std::to_string(id)},
             [](const json& printed) { return printed.at("released").get<std::uint64_t>(); });
}

MockRobotProcess::Answer MockRobotProcess::HoldAnswers(const CallMatch& calls) {
  {
    const std::lock_guard lock(parts_->holds_mutex);
    for (const auto& hold : parts_->holds) {
      if (hold.first == calls) return Done{};
    }
  }
  const auto id = Inject({.calls = calls, .what = fault::Hang()});
  if (!id) return Failed{id.error()};
  const std::lock_guard lock(parts_->holds_mutex);
  parts_->holds.emplace_back(calls, *id);
  return Done{};
}

MockRobotProcess::Answer MockRobotProcess::ReleaseAnswers() {
  std::vector<std::pair<CallMatch, FaultId>> holds;
  {
    const std::lock_guard lock(parts_->holds_mutex);
    holds = parts_->holds;
  }
  Answer last = Done{};
  for (const auto& hold : holds) {
    if (auto removed = RemoveFault(hold.second); !removed) last = std::move(removed);
  }
  // Somebody else may have ended a fault that held them: what counts is that none is left.
  const std::lock_guard lock(parts_->holds_mutex);
  if (parts_->holds.empty()) return Done{};
  return last;
}

Checked<std::vector<JournalEntry>> MockRobotProcess::Journal(const JournalFilter& filter) const {
  return Ask(*this, JournalWords(filter), [](const json& printed) {
    std::vector<JournalEntry> list;
    for (const json& entry : printed.at("entries")) list.push_back(EntryFrom(entry));
    return list;
  });
}

Checked<JournalCount> MockRobotProcess::CountJournal(const JournalFilter& filter) const {
  Words words = JournalWords(filter);
  words.emplace_back("--count");
  return Ask(*this, words, [](const json& printed) {
    return JournalCount{.answered = printed.at("answered").get<std::uint64_t>(),
                        .waiting = printed.at("waiting").get<std::uint64_t>(),
                        .exact = printed.at("exact").get<bool>()};
  });
}

bool MockRobotProcess::AwaitJournal(const JournalFilter& filter, std::uint64_t count,
                                    Duration patience) const {
  if (count == 0) return true;
  const Duration shortest = std::chrono::milliseconds(1);
  Words words = JournalWords(filter);
  words.push_back("--await=" + std::to_string(count));
  words.push_back("--timeout=" + Seconds(std::max(patience, shortest)));
  const auto ran = parts_->Run(words, patience + parts_->patience);
  return ran && ran->exit_code == 0;
}

MockRobotProcess::Answer MockRobotProcess::Advance(Duration by) {
  return OnlyWhether(Run({"mock", "advance", "--", Seconds(by)}));
}

}  // namespace mock_robot
