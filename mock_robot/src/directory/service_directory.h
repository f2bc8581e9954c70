// The robot's directory: its own services, and those that payloads register.
#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bosdyn/api/directory.pb.h"
#include "bosdyn/api/directory_registration.pb.h"
#include "mock_robot/registry.h"

namespace mock_robot {

class ServiceFaultTable;

// Threads: none of its own and no locks; one caller at a time. `now` must not go back from call to
// call.
class ServiceDirectory {
 public:
  using Entry = bosdyn::api::ServiceEntry;
  using Endpoint = bosdyn::api::Endpoint;

  // Anybody with a token may register services: bounds on how many and how large.
  static constexpr std::size_t kMostRegistered = 1000;
  static constexpr std::size_t kLargestBytes = 16 * 1024;

  // `built_in` are the robot's own services, which nobody registers or removes. `faults` must
  // outlive the directory, which raises there that a service has fallen silent.
  ServiceDirectory(std::vector<Entry> built_in, ServiceFaultTable& faults,
                   const Assumptions& assumptions = {});

  // From here on, notes every change in `log`, which must outlive the directory.
  void UndoBy(UndoLog& log) { undo_ = &log; }

  // What the holder of a token may ask for. `host_guid` is the payload whose token it is, empty for
  // a user. An invalid request changes nothing.

  // On a known name this is the heartbeat, whoever sends it, and changes nothing else.
  Answer<bosdyn::api::RegisterServiceResponse::Status> Register(const Entry& entry,
                                                                const Endpoint& endpoint,
                                                                std::string_view host_guid,
                                                                RobotTime now);
  bosdyn::api::UnregisterServiceResponse::Status Unregister(std::string_view name, RobotTime now);
  // Replaces entry and endpoint and counts as a heartbeat; the host stays unless assumed otherwise.
  Answer<bosdyn::api::UpdateServiceResponse::Status> Update(const Entry& entry,
                                                            const Endpoint& endpoint,
                                                            std::string_view host_guid,
                                                            RobotTime now);

  // Registered services are gone.
  void Reboot();
  // The payload has been forgotten.
  void Forget(std::string_view host_guid, RobotTime now);

  // What time does: raises the faults of services that have been silent too long, each at its own
  // instant. Every member above that takes `now` does this first.
  void Advance(RobotTime now);
  std::optional<RobotTime> NextChange() const;

  // What is to be seen.

  // The built-in services first, then the registered ones in the order of registration.
  std::vector<Entry> List() const;
  std::vector<Entry> Registered() const;
  std::optional<Entry> Find(std::string_view name) const;
  // Where a registered service listens.
  std::optional<Endpoint> EndpointOf(std::string_view name) const;
  // The payload that hosts it; empty for users' and built-in services and unknown names.
  std::string HostOf(std::string_view name) const;

 private:
  struct Service {
    Entry entry;
    Endpoint endpoint;
    RobotTime last_heartbeat;
    bool silent = false;
    std::optional<RobotTime> SilentAt() const;
  };
  using Services = std::list<Service>;

  Service* FindRegistered(std::string_view name);
  const Service* FindRegistered(std::string_view name) const;
  bool IsBuiltIn(std::string_view name) const;
  Entry Listed(const Entry& entry, std::string_view host_guid) const;
  bool Clashes(const Entry& entry) const;
  std::optional<std::string> Complaint(const Entry& entry, const Endpoint& endpoint) const;
  void Hear(Service& service, RobotTime now);
  void Add(std::size_t position, Service service);
  void Remove(Services::iterator position);
  // The service is about to change; to be called before.
  void NoteAsItIs(const Service& service);

  const std::vector<Entry> built_in_;
  ServiceFaultTable& faults_;
  const Assumptions assumptions_;
  Services services_;
  std::unordered_map<std::string, Services::iterator> by_name_;
  UndoLog* undo_ = nullptr;
};

}  // namespace mock_robot
