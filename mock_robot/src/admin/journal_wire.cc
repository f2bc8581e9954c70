#include "admin/journal_wire.h"

#include "admin/wire_time.h"
#include "robot/timestamps.h"

namespace mock_robot {

JournalFilter FromWire(const v1::JournalFilter& wire) {
  return {wire.rpc(), wire.guid(), wire.client_name(), wire.outcome()};
}

void ToWire(const JournalEntry& entry, v1::JournalEntry& wire) {
  wire.set_number(entry.number);
  SetTimestamp(entry.received, *wire.mutable_received());
  wire.set_answered(entry.answered);
  wire.set_rpc(entry.rpc);
  wire.set_guid(entry.guid);
  wire.set_client_name(entry.client_name);
  wire.set_peer(entry.peer);
  wire.set_request_text(entry.request_text);
  wire.set_answer_text(entry.answer_text);
  if (!entry.answered) return;
  ToWire(entry.took, *wire.mutable_took());
  wire.set_call_status(entry.call_status);
  wire.set_header_code(entry.header_code);
  wire.set_status(entry.status);
  wire.set_outcome(entry.outcome);
  wire.set_fault(entry.fault);
}

}  // namespace mock_robot
