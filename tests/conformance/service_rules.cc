// The rules of the directory and of service faults.
#include "tests/conformance/service_rules.h"

#include "tests/conformance/service_steps.h"

namespace conformance {

std::vector<Rule> DirectoryRules() {
  const std::string hosted = "acme.Lidar at lidar.spot.robot of " + kGuid;
  return {
      {"ServicesAreListedAfterTheBuiltInOnesWithTheirHost",
       WithAPayload({Add(kGuid, Service("acme-lidar"), "OK"), Entry("acme-lidar", hosted),
                     Add(kUser, Service("acme-camera", "camera"), "OK"),
                     Entry("acme-camera", "acme.Lidar at camera.spot.robot of nobody"),
                     Look(Do::kEntries, "", "built-in acme-lidar acme-camera")})},
      {"AKnownServiceNameIsAHeartbeatThatChangesNothing",
       WithAPayload({Add(kGuid, Service("acme-lidar"), "OK"),
                     Add(kGuid, Service("acme-lidar", "elsewhere"), "ALREADY_EXISTS"),
                     Add(kUser, Service("acme-lidar", "elsewhere"), "ALREADY_EXISTS"),
                     Entry("acme-lidar", hosted)})},
      {"TheRobotsOwnServicesAreLeftAlone",
       {Add(kUser, Service("auth"), "ALREADY_EXISTS"),
        Change(kUser, Service("auth"), "NONEXISTENT_SERVICE"),
        Remove(kUser, "auth", "NONEXISTENT_SERVICE"),
        Entry("auth", "bosdyn.api.AuthService at auth.spot.robot of nobody")}},
      {"AuthorityAndTypeOfAServiceAreUnique",
       {Add(kUser, Service("acme-lidar"), "OK"),
        Add(kUser, Service("acme-other"), "ALREADY_EXISTS"), Entry("acme-other", "absent"),
        Add(kUser, Service("acme-other", "lidar.spot.robot"), "ALREADY_EXISTS"),
        Add(kUser, Service("acme-other", "lidar", "acme.Other"), "OK"),
        Change(kUser, Service("acme-other"), "INVALID_REQUEST"),
        Entry("acme-other", "acme.Other at lidar.spot.robot of nobody")}},
      {"UpdatingReplacesAServicesEntryAndKeepsItsHost",
       WithAPayload({Add(kGuid, Service("acme-lidar"), "OK"),
                     Change(kUser, Service("acme-lidar", "other", "acme.Other"), "OK"),
                     Entry("acme-lidar", "acme.Other at other.spot.robot of " + kGuid),
                     Change(kUser, Service("acme-none"), "NONEXISTENT_SERVICE")})},
      {"WhoeverHasATokenMayUnregisterAService",
       WithAPayload({Add(kGuid, Service("acme-lidar"), "OK"), Remove(kUser, "acme-lidar", "OK"),
                     Entry("acme-lidar", "absent"),
                     Remove(kUser, "acme-lidar", "NONEXISTENT_SERVICE")})},
      {"OddEndpointsAreTaken",
       {Add(kUser,
            "endpoint { host_ip: '0.0.0.0' } service_entry { name: 'acme-lidar' "
            "type: 'acme.Lidar' authority: 'lidar' }",
            "OK")}},
      {"AServiceWithoutNameTypeOrAuthorityIsInvalid",
       {Add(kUser, Service(""), "INVALID_REQUEST"),
        Add(kUser, Service("acme-lidar", ""), "INVALID_REQUEST"),
        Add(kUser, Service("acme-lidar", "lidar", ""), "INVALID_REQUEST"),
        Look(Do::kEntries, "", "built-in")}},
      {"AServiceThatComesOrGoesClearsTheFaultsOfItsName",
       {Ask(kUser, "TriggerServiceFault",
            "fault { fault_id { fault_name: 'hot' service_name: 'acme-lidar' } }", "OK"),
        Active("hot/acme-lidar/"), Add(kUser, Service("acme-lidar"), "OK"), Active(""),
        Ask(kUser, "TriggerServiceFault",
            "fault { fault_id { fault_name: 'hot' service_name: 'acme-lidar' } }", "OK"),
        Add(kUser, Service("acme-lidar"), "ALREADY_EXISTS"), Active("hot/acme-lidar/"),
        Remove(kUser, "acme-lidar", "OK"), Active("")}},
      {"AServiceThatFallsSilentHasAFaultUntilItsNextHeartbeat",
       WithAPayload(
           {Add(kGuid, Service("acme-lidar", "lidar", "acme.Lidar", "liveness_timeout_secs: 10"),
                "OK"),
            Wait("9"), Active(""), Wait("1"), Active("service_liveness/acme-lidar/" + kGuid),
            Add(kGuid, Service("acme-lidar"), "ALREADY_EXISTS"), Active("")})},
      {"ARebootEmptiesTheDirectoryOfServices",
       {Add(kUser, Service("acme-lidar"), "OK"),
        {Do::kReboot, "", "", "", "OK"},
        Look(Do::kEntries, "", "built-in")}},
      {"ServicesOfAForgottenPayloadStay",
       WithAPayload({Add(kGuid, Service("acme-lidar"), "OK"), Admin(Do::kForget, "OK"),
                     Entry("acme-lidar", hosted)})},
      {"AnUnknownServiceHasNoEntry",
       {Ask(kUser, "GetServiceEntry", "service_name: 'acme-lidar'", "NONEXISTENT_SERVICE")}},
  };
}

namespace {

// Clears fifty-one faults; the oldest is forgotten.
Rule FiftyAreRemembered() {
  Rule rule{"ClearedFaultsAreRememberedUpToFifty", {}};
  std::string remembered;
  for (int i = 0; i <= 50; ++i) {
    const std::string name = "f" + std::to_string(i);
    rule.steps.push_back(Trigger(kUser, Fault(Id(name, "acme")), "OK"));
    rule.steps.push_back(Clear(kUser, Id(name, "acme"), "OK"));
    if (i > 0) remembered += (i > 1 ? "; " : "") + name + "/acme/";
  }
  rule.steps.push_back(Look(Do::kCleared, "", remembered));
  return rule;
}

}  // namespace

std::vector<Rule> FaultRules() {
  return {
      {"AFaultIsItsThreeNames",
       {Trigger(kUser, Fault(Id("hot", "acme")), "OK"),
        Trigger(kUser, Fault(Id("hot", "acme")), "FAULT_ALREADY_ACTIVE"),
        Trigger(kUser, Fault(Id("cold", "acme")), "OK"),
        Trigger(kUser, Fault(Id("hot", "other")), "OK"),
        Trigger(kUser, Fault(Id("hot", "acme", kOther)), "OK"),
        Active("hot/acme/; cold/acme/; hot/other/; hot/acme/" + kOther)}},
      {"AnActiveFaultStaysAsItIs",
       {Trigger(kUser, Fault(Id("hot", "acme"), "attributes: 'imaging' severity: SEVERITY_WARN"),
                "OK"),
        Trigger(kUser,
                Fault(Id("hot", "acme"), "attributes: 'thermal' severity: SEVERITY_CRITICAL"),
                "FAULT_ALREADY_ACTIVE"),
        Look(Do::kSeverities, "", "imaging=WARN")}},
      {"AFaultOfAServiceIsItsHosts",
       WithAPayload({Add(kGuid, Service("acme-lidar"), "OK"),
                     Trigger(kUser, Fault(Id("hot", "acme-lidar")), "OK"),
                     Active("hot/acme-lidar/" + kGuid), Clear(kUser, Id("hot", "acme-lidar"), "OK"),
                     Active("")})},
      {"FaultsAreClearedByIdentity",
       {Trigger(kUser, Fault(Id("hot", "acme")), "OK"),
        Clear(kUser, Id("cold", "acme"), "FAULT_NOT_ACTIVE"),
        Clear(kUser, Id("hot", "other"), "FAULT_NOT_ACTIVE"), Active("hot/acme/"),
        Clear(kUser, Id("hot", "acme"), "OK"), Active(""), Look(Do::kCleared, "", "hot/acme/"),
        Clear(kUser, Id("hot", "acme"), "FAULT_NOT_ACTIVE")}},
      {"FaultsAreClearedAllOfAServiceOrAllOfAPayload",
       {Trigger(kUser, Fault(Id("1", "acme", kOther)), "OK"),
        Trigger(kUser, Fault(Id("2", "acme")), "OK"), Trigger(kUser, Fault(Id("3", "other")), "OK"),
        Trigger(kUser, Fault(Id("4", "other", kOther)), "OK"),
        Clear(kUser, Id("", "acme"), "OK", "clear_all_service_faults: true"),
        Active("3/other/; 4/other/" + kOther),
        Clear(kUser, Id("", "", kOther), "OK", "clear_all_payload_faults: true"),
        Active("3/other/"),
        Clear(kUser, Id("", "acme"), "FAULT_NOT_ACTIVE", "clear_all_service_faults: true")}},
      {"WithBothFlagsWhatEitherMatchesIsCleared",
       {Trigger(kUser, Fault(Id("1", "acme")), "OK"),
        Trigger(kUser, Fault(Id("2", "other", kOther)), "OK"),
        Trigger(kUser, Fault(Id("3", "other")), "OK"),
        Clear(kUser, Id("", "acme", kOther), "OK",
              "clear_all_service_faults: true clear_all_payload_faults: true"),
        Active("3/other/")}},
      {"AnyClientMayClearTheRobotsOwnFaults",
       {Register("OK"), Active("payload_not_authorized//" + kGuid),
        Clear(kUser, Id("payload_not_authorized", "", kGuid), "OK"), Active("")}},
      {"AFaultWithoutANameIsInvalid",
       {Trigger(kUser, Fault(Id("", "acme")), "INVALID_REQUEST"),
        Clear(kUser, Id("", "acme"), "INVALID_REQUEST"),
        Clear(kUser, Id("", ""), "INVALID_REQUEST", "clear_all_service_faults: true"), Active("")}},
      {"AttributesAreAggregatedToTheHighestSeverity",
       {Trigger(kUser, Fault(Id("1", "acme"), "attributes: 'imaging' severity: SEVERITY_INFO"),
                "OK"),
        Trigger(kUser,
                Fault(Id("2", "acme"),
                      "attributes: ['imaging', 'thermal'] severity: SEVERITY_CRITICAL"),
                "OK"),
        Look(Do::kSeverities, "", "imaging=CRITICAL thermal=CRITICAL"),
        Clear(kUser, Id("2", "acme"), "OK"), Look(Do::kSeverities, "", "imaging=INFO")}},
      {"ARebootEndsFaultsAndTheirHistory",
       {Trigger(kUser, Fault(Id("1", "acme")), "OK"),
        Trigger(kUser, Fault(Id("2", "acme")), "OK"),
        Clear(kUser, Id("1", "acme"), "OK"),
        Register("OK"),
        {Do::kReboot, "", "", "", "OK"},
        Active("payload_not_authorized//" + kGuid),
        Look(Do::kCleared, "", "")}},
      FiftyAreRemembered(),
  };
}

}  // namespace conformance
