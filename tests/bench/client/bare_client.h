// The other arm: the generated stub, used as well as it can be used by hand. Same channel
// arguments, same requests, a header stamped for each call, the same deadline, the answer looked
// at; nothing else.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/base/clock.h"
#include "payload_manager/connect.h"

namespace payload_manager::bench {

// A call that does not end in "already exists" ends the process: a benchmark of failing calls
// measures nothing.
// Threads: each slot by one at a time; different slots at the same time.
class BareClient {
 public:
  // A slot for each payload holds its request, made once. `authorization` is sent with every call
  // unless it is empty.
  BareClient(const ConnectionOptions& options, const std::vector<bosdyn::api::Payload>& payloads,
             std::string authorization = {});
  ~BareClient();
  BareClient(const BareClient&) = delete;
  BareClient& operator=(const BareClient&) = delete;

  void RegisterPayload(std::size_t slot);
  // Over the callback API; `done` on a thread of gRPC, which may start the slot's next call.
  void StartRegisterPayload(std::size_t slot, std::function<void()> done);

 private:
  struct Slot;
  struct Connection;
  void Prepare(Slot& slot);

  const ConnectionOptions options_;
  const std::string authorization_;
  const std::unique_ptr<Connection> connection_;
  std::vector<std::unique_ptr<Slot>> slots_;
};

}  // namespace payload_manager::bench
