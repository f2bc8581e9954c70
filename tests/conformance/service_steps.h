// Short forms of the steps that the rules of services are made of.
#pragma once

#include <string>
#include <vector>

#include "tests/conformance/steps.h"

namespace conformance {

inline const std::string kUser;
inline const std::string kNobody = Driver::kNobody;

// A payload that has its token; its GUID says who asks then.
inline std::vector<Step> WithAPayload(std::vector<Step> steps) {
  std::vector<Step> all{Register("OK"), Admin(Do::kAuthorize, "OK"),
                        With(Do::kGetToken, kSecret, "OK")};
  all.insert(all.end(), steps.begin(), steps.end());
  return all;
}

inline std::string Service(const std::string& name, const std::string& authority = "lidar",
                           const std::string& type = "acme.Lidar", const std::string& more = {}) {
  return "endpoint { host_ip: '192.168.50.5' port: 5000 } service_entry { name: '" + name +
         "' type: '" + type + "' authority: '" + authority + "' " + more + " }";
}
inline Step Add(const std::string& who, const std::string& service, const std::string& expected) {
  return Ask(who, "RegisterService", service, expected);
}
inline Step Change(const std::string& who, const std::string& service,
                   const std::string& expected) {
  return Ask(who, "UpdateService", service, expected);
}
inline Step Remove(const std::string& who, const std::string& name, const std::string& expected) {
  return Ask(who, "UnregisterService", "service_name: '" + name + "'", expected);
}
inline Step Entry(const std::string& name, const std::string& expected) {
  return Look(Do::kEntry, name, expected);
}
inline Step Active(const std::string& expected) { return Look(Do::kActive, "", expected); }

inline std::string Fault(const std::string& id, const std::string& more = {}) {
  return "fault { fault_id { " + id + " } " + more + " }";
}
inline Step Trigger(const std::string& who, const std::string& fault, const std::string& expected) {
  return Ask(who, "TriggerServiceFault", fault, expected);
}
inline Step Clear(const std::string& who, const std::string& id, const std::string& expected,
                  const std::string& more = {}) {
  return Ask(who, "ClearServiceFault", "fault_id { " + id + " } " + more, expected);
}
inline std::string Id(const std::string& name, const std::string& service,
                      const std::string& guid = {}) {
  return "fault_name: '" + name + "' service_name: '" + service + "' payload_guid: '" + guid + "'";
}

inline Step Report(const std::string& who, const std::string& package, int major,
                   const std::string& expected) {
  return Ask(who, "SendCurrentVersionInfo",
             "package_version { package_name: '" + package + "' version { major_version: " +
                 std::to_string(major) + " } release_date { seconds: 1700000000 } build_id: 'b' }",
             expected);
}
inline Step Status(const std::string& who, const std::string& package, const std::string& status,
                   const std::string& expected) {
  return Ask(who, "SendSoftwareUpdateStatus",
             "update_status { package_name: '" + package + "' status: STATUS_" + status +
                 " error_code: ERROR_NONE }",
             expected);
}

}  // namespace conformance
