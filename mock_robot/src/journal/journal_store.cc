#include "journal/journal_store.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "journal/outcome_name.h"
#include "payload_manager/base/text.h"
#include "registry/text.h"

namespace mock_robot {

using payload_manager::EqualIgnoringCase;
namespace {

// More ways to answer than any rpc has; a test may make up more.
constexpr std::size_t kMostTallies = 64;

// Views of names no longer than a journal keeps them; `room` holds what had to be shortened.
std::string_view Fit(std::string_view name, std::string& room) {
  if (name.size() <= JournalStore::kLongestName) return name;
  room = Shortened(name, JournalStore::kLongestName);
  return room;
}

// Whatever was called: what is not printable ASCII could not be told on, or would steer a terminal.
std::string Printable(std::string_view sent) {
  std::string name(sent.substr(0, JournalStore::kLongestName));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return name;
}

std::string Fit(const std::string& name) { return Shortened(name, JournalStore::kLongestName); }

}  // namespace

JournalStore::JournalStore(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}

std::size_t JournalStore::Hash::operator()(const NamesView& names) const {
  const std::hash<std::string_view> text;
  const std::size_t rpc = std::hash<const void*>()(names.rpc);
  const std::size_t known = (text(names.guid) * 31 + text(names.client_name)) * 31 + rpc;
  return names.sent_rpc.empty() ? known : known * 31 + text(names.sent_rpc);
}

bool JournalStore::Same::operator()(const NamesView& a, const NamesView& b) const {
  return a.rpc == b.rpc && a.guid == b.guid && a.client_name == b.client_name &&
         a.sent_rpc == b.sent_rpc;
}

// One row per rpc, with empty names, is for those that come too late; it is there beside the limit.
JournalStore::Row& JournalStore::RowOf(const NamesView& names) {
  if (const auto found = rows_.find(names); found != rows_.end()) return *found->second;
  const bool nameless = names.guid.empty() && names.client_name.empty() && names.sent_rpc.empty();
  if (rows_.size() >= kMostRows && !nameless) return RowOf({names.rpc, {}, {}, {}});
  auto row = std::make_unique<Row>();
  row->names = {names.rpc, std::string(names.guid), std::string(names.client_name),
                std::string(names.sent_rpc)};
  const NamesView view{names.rpc, row->names.guid, row->names.client_name, row->names.sent_rpc};
  return *rows_.emplace(view, std::move(row)).first->second;
}

void JournalStore::Add(const JournalRecord& record) {
  std::string guid_room;
  std::string client_room;
  std::string rpc_room;
  if (!record.sent_rpc.empty()) rpc_room = Printable(record.sent_rpc);
  const NamesView names{record.call.rpc, Fit(record.call.guid, guid_room),
                        Fit(record.call.client_name, client_room), rpc_room};
  Row& row = RowOf(names);
  const bool own_row = row.names.guid == names.guid && row.names.client_name == names.client_name &&
                       row.names.sent_rpc == names.sent_rpc;
  if (!own_row) overflowed_ = true;
  if (record.answered) {
    if (record.waited) --row.waiting;
    const auto tally =
        std::find_if(row.tallies.begin(), row.tallies.end(),
                     [&](const Tally& known) { return known.outcome == record.outcome; });
    if (tally != row.tallies.end()) {
      ++tally->calls;
    } else if (row.tallies.size() < kMostTallies) {
      row.tallies.push_back({record.outcome, 1});
    } else {
      ++row.other;
    }
  } else {
    ++row.waiting;
  }

  if (ring_.size() < capacity_) ring_.emplace_back();
  Slot& slot = ring_[(next_ - 1) % capacity_];
  ++next_;
  slot.row = &row;
  slot.names = own_row ? nullptr
                       : std::make_unique<Names>(Names{names.rpc, std::string(names.guid),
                                                       std::string(names.client_name),
                                                       std::string(names.sent_rpc)});
  const bool has_texts = !record.request_text.empty() || !record.answer_text.empty();
  slot.texts =
      has_texts ? std::make_unique<Texts>(Texts{record.request_text, record.answer_text}) : nullptr;
  slot.peer = record.peer;
  slot.received = record.received;
  slot.took = record.took;
  slot.outcome = record.outcome;
  slot.fault = record.fault;
  slot.answered = record.answered;
}

const JournalStore::Slot& JournalStore::SlotOf(std::uint64_t number) const {
  return ring_[(number - 1) % capacity_];
}

const JournalStore::Names& JournalStore::NamesOf(const Slot& slot) {
  return slot.names ? *slot.names : slot.row->names;
}

JournalEntry JournalStore::At(std::uint64_t number) const {
  const Slot& slot = SlotOf(number);
  const Names& names = NamesOf(slot);
  JournalEntry entry;
  entry.number = number;
  entry.received = slot.received;
  entry.answered = slot.answered;
  entry.rpc = std::string(names.rpc_name());
  entry.guid = names.guid;
  entry.client_name = names.client_name;
  entry.peer = slot.peer;
  if (slot.texts) {
    entry.request_text = slot.texts->request;
    entry.answer_text = slot.texts->answer;
  }
  if (!slot.answered) return entry;
  entry.took = slot.took;
  entry.call_status = slot.outcome.call_status;
  entry.header_code = slot.outcome.header_code;
  entry.status = slot.outcome.status;
  entry.outcome = OutcomeName(*names.rpc, slot.outcome);
  entry.fault = slot.fault;
  return entry;
}

bool JournalStore::Agrees(const Names& names, const JournalFilter& filter) {
  return (filter.rpc.empty() || filter.rpc == names.rpc_name()) &&
         (filter.guid.empty() || EqualIgnoringCase(Fit(filter.guid), names.guid)) &&
         (filter.client_name.empty() || Fit(filter.client_name) == names.client_name);
}

bool JournalStore::Agrees(std::uint64_t number, const JournalFilter& filter) const {
  const Slot& slot = SlotOf(number);
  const Names& names = NamesOf(slot);
  if (!Agrees(names, filter)) return false;
  if (filter.outcome.empty()) return true;
  return slot.answered && OutcomeName(*names.rpc, slot.outcome) == filter.outcome;
}

JournalCount JournalStore::Count(const JournalFilter& filter) const {
  JournalCount count;
  for (const auto& [view, row] : rows_) {
    if (!Agrees(row->names, filter)) continue;
    for (const Tally& tally : row->tallies) {
      if (filter.outcome.empty() || OutcomeName(*view.rpc, tally.outcome) == filter.outcome) {
        count.answered += tally.calls;
      }
    }
    if (filter.outcome.empty()) {
      count.answered += row->other;
      count.waiting += row->waiting;
    } else if (row->other != 0) {
      count.exact = false;
    }
  }
  const bool by_name = !filter.guid.empty() || !filter.client_name.empty() ||
                       (!filter.rpc.empty() && FindRpc(filter.rpc) == nullptr);
  if (overflowed_ && by_name) count.exact = false;
  return count;
}

}  // namespace mock_robot
