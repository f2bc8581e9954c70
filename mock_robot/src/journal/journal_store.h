// What a journal remembers: the latest entries, and counts of all. No threads, no clock.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mock_robot/faults.h"
#include "mock_robot/journal.h"
#include "robot/rpcs.h"

namespace mock_robot {

// One thing to be written down.
struct JournalRecord {
  CallFacts call;
  std::string_view peer;
  RobotTime received;
  bool answered = false;
  bool waited = false;  // an entry said before that the call came
  payload_manager::Duration took{};
  CallOutcome outcome;
  FaultId fault = 0;
  std::string_view sent_rpc{};  // as it came, if the rpc is UnknownRpc()
  // For a journal that keeps them: what was asked and answered, without secrets.
  std::string request_text{};
  std::string answer_text{};
};

// Threads: none of its own and no locks; one caller at a time. An entry takes no allocation once
// its rpc, GUID and client name were seen together and the ring is full. At most kMostRows such
// combinations are told apart: what comes beyond is kept entry by entry and counted by rpc alone.
class JournalStore {
 public:
  static constexpr std::size_t kMostRows = 8192;
  static constexpr std::size_t kLongestName = 100;  // characters

  explicit JournalStore(std::size_t capacity);

  void Add(const JournalRecord& record);

  // Entries are numbered from 1; [first(), next()) are kept.
  std::uint64_t first() const { return next_ - ring_.size(); }
  std::uint64_t next() const { return next_; }
  // Of one that is kept.
  JournalEntry At(std::uint64_t number) const;
  bool Agrees(std::uint64_t number, const JournalFilter& filter) const;

  JournalCount Count(const JournalFilter& filter) const;

 private:
  struct Names {
    const Rpc* rpc = nullptr;
    std::string guid;
    std::string client_name;
    std::string sent_rpc;  // as it came, if it is none that we know

    std::string_view rpc_name() const { return sent_rpc.empty() ? rpc->name : sent_rpc; }
  };
  struct NamesView {
    const Rpc* rpc = nullptr;
    std::string_view guid;
    std::string_view client_name;
    std::string_view sent_rpc;
  };
  struct Texts {
    std::string request;
    std::string answer;
  };
  struct Tally {
    CallOutcome outcome;
    std::uint64_t calls = 0;
  };
  struct Row {
    Names names;
    std::uint64_t waiting = 0;
    std::vector<Tally> tallies;  // of the first few outcomes
    std::uint64_t other = 0;     // answered in yet another way
  };
  struct Slot {
    const Row* row = nullptr;
    std::unique_ptr<Names> names;  // of a call whose names got no row
    std::unique_ptr<Texts> texts;
    std::string peer;
    RobotTime received;
    payload_manager::Duration took{};
    CallOutcome outcome;
    FaultId fault = 0;
    bool answered = false;
  };
  struct Hash {
    std::size_t operator()(const NamesView& names) const;
  };
  struct Same {
    bool operator()(const NamesView& a, const NamesView& b) const;
  };

  Row& RowOf(const NamesView& names);
  const Slot& SlotOf(std::uint64_t number) const;
  static const Names& NamesOf(const Slot& slot);
  static bool Agrees(const Names& names, const JournalFilter& filter);

  const std::size_t capacity_;
  std::uint64_t next_ = 1;
  bool overflowed_ = false;  // some call was counted by rpc alone
  std::vector<Slot> ring_;
  // The views are into the rows, which stay where they are.
  std::unordered_map<NamesView, std::unique_ptr<Row>, Hash, Same> rows_;
};

}  // namespace mock_robot
