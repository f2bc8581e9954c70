// One row for each assumption that the rules of payloads rest on: what the mock does if it is
// otherwise. Rows without it, in rules.cc, say what it does as it comes.
#include "tests/conformance/steps.h"

namespace conformance {
namespace {

const std::string kLively = "liveness_timeout_secs: 10";
const std::string kLabelled =
    "description: 'plain' label_prefix: 'top' mount_frame_name: MOUNT_FRAME_WR1 "
    "mount_tform_payload { position { x: 1 } } ";

Step Reboot() { return {Do::kReboot, "", "", "", "OK"}; }
Step UseToken(const std::string& expected) { return {Do::kUseToken, kGuid, "", "", expected}; }

std::vector<Rule> RegistrationRules() {
  return {
      {"AnEmptyGuidIsAccepted",
       {{Do::kRegister, "", kSecret, "", "OK"}, {Do::kRegister, "", kSecret, "", "ALREADY_EXISTS"}},
       "accept-empty-guid=yes"},
      {"ClaimedFlagsAreIgnored",
       {Register("OK", "is_authorized: true is_enabled: true"), State("waiting"),
        Admin(Do::kAuthorize, "OK"), State("authorized")},
       "ignore-claimed-flags=yes"},
      {"AWrongSecretIsAnInvalidRegistration",
       {Register("OK"), Register("INVALID_REQUEST", "", kWrong), Register("ALREADY_EXISTS")},
       "refuse-wrong-secret=yes"},
      {"GuidsAreMatchedInTheirCase",
       {{Do::kRegister, kUpperGuid, kSecret, "", "OK"},
        Register("OK"),
        {Do::kGuids, "", "", "", kUpperGuid + " " + kGuid},
        Admin(Do::kForget, "OK"),
        Faults("payload_not_authorized of " + kUpperGuid),
        {Do::kForget, kUpperGuid, "", "", "OK"},
        Faults("")},
       "guids-ignore-case=no"},
      {"PayloadsAreListedByGuid",
       {{Do::kRegister, kOther, kSecret, "", "OK"},
        Register("OK"),
        {Do::kGuids, "", "", "", kGuid + " " + kOther}},
       "list-by-guid=yes"},
      {"ARebootTakesAuthorizations",
       {Register("OK"), Admin(Do::kAuthorize, "OK"), With(Do::kGetToken, kSecret, "OK"), Reboot(),
        State("waiting"), UseToken("UNAUTHENTICATED"), Faults(kWaiting)},
       "reboot-keeps-authorization=no"},
      {"ARebootDetaches",
       {Register("OK"), Admin(Do::kAuthorize, "OK"), With(Do::kAttach, kSecret, "OK"), Reboot(),
        State("authorized")},
       "reboot-keeps-attachment=no"},
      {"AttachChecksExistenceThenAuthorizationThenSecret",
       {With(Do::kAttach, kWrong, "DOES_NOT_EXIST"), Register("OK"),
        With(Do::kAttach, kWrong, "PAYLOAD_NOT_AUTHORIZED"), Admin(Do::kAuthorize, "OK"),
        With(Do::kAttach, kWrong, "INVALID_CREDENTIALS")},
       "attach-checks-authorization-first=yes"},
      {"AnAttachRequestForNothingDetaches",
       {Register("OK"), Admin(Do::kAuthorize, "OK"), With(Do::kAttach, kSecret, "OK"),
        With(Do::kAskForNothing, kSecret, "OK"), State("authorized")},
       "odd-attach-request-detaches=yes"},
  };
}

std::vector<Rule> AdministratorRules() {
  return {
      {"APresetLeavesFrameAndLabels",
       {Register("OK", kLabelled + kPresets), Admin(Do::kAuthorize, "OK", "rear"),
        Field("description", "at the back"), Field("labels", "top"),
        Field("frame", "MOUNT_FRAME_WR1")},
       "preset-replaces-mount=no"},
      {"WhatAPresetLeavesOutStays",
       {Register("OK", kLabelled + "preset_configurations { preset_name: 'bare' }"),
        Admin(Do::kAuthorize, "OK", "bare"), Field("description", "plain"), Field("labels", "top"),
        Field("frame", "MOUNT_FRAME_WR1"), Field("x", "1"), Field("mass", "1")},
       "preset-omissions-clear=no"},
      {"AuthorizingAgainDetaches",
       {Register("OK"), Admin(Do::kAuthorize, "OK"), With(Do::kAttach, kSecret, "OK"),
        Admin(Do::kAuthorize, "OK"), State("authorized")},
       "reauthorizing-keeps-attached=no"},
      {"AnyAddressCountsAsOne",
       {Register("OK", kLively + " ipv4_address: 'lidar.local' " + kPresets),
        Admin(Do::kAuthorize, "UNKNOWN_PRESET", "front"), Wait("10"), Faults(kWaiting)},
       "odd-address-counts=yes"},
      {"AddressesAreAtTheFront",
       {Register("OK", "ipv4_address: '192.168.50.5' " + kPresets),
        Admin(Do::kAuthorize, "UNKNOWN_PRESET", "rear"), Admin(Do::kAuthorize, "OK", "front")},
       "addresses-at-front=yes"},
      {"AnAuthorizedPayloadCanBeRejected",
       {Register("OK"), Admin(Do::kAuthorize, "OK"), Admin(Do::kReject, "OK"), State("absent")},
       "authorized-can-be-rejected=yes"},
      {"AForgottenPayloadsTokensLiveOn",
       {Register("OK"), Admin(Do::kAuthorize, "OK"), With(Do::kGetToken, kSecret, "OK"),
        Admin(Do::kForget, "OK"), UseToken("OK")},
       "forgotten-tokens-void=no"},
  };
}

std::vector<Rule> FaultRules() {
  return {
      {"AuthorizingLeavesTheFault",
       {Register("OK"), Admin(Do::kAuthorize, "OK"), Faults(kWaiting)},
       "authorizing-clears-fault=no"},
      {"ForgettingLeavesTheFaults",
       {Register("OK"), Admin(Do::kForget, "OK"), Faults(kWaiting)},
       "forgetting-clears-faults=no"},
      {"AHeartbeatLeavesTheFault",
       {Register("OK", kLively), Admin(Do::kAuthorize, "OK"), Wait("10"), Faults(kSilent),
        Register("ALREADY_EXISTS"), Faults(kSilent)},
       "heartbeat-clears-fault=no"},
      {"AWaitingPayloadIsNotWatched",
       {Register("OK", kLively), Wait("10"), Faults(kWaiting), Admin(Do::kAuthorize, "OK"),
        Wait("1"), Faults(kSilent)},
       "watch-only-authorized=yes"},
      {"AnySecretIsAHeartbeat",
       {Register("OK", kLively), Admin(Do::kAuthorize, "OK"), Wait("9"),
        Register("ALREADY_EXISTS", "", kWrong), Wait("9"), Faults("")},
       "heartbeat-needs-secret=no"},
      {"WithoutASecretThereIsNoHeartbeat",
       {Register("OK", kLively, ""), Admin(Do::kAuthorize, "OK"), Wait("9"),
        Register("ALREADY_EXISTS", "", ""), Wait("1"), Faults(kSilent)},
       "secretless-heartbeats=no"},
      {"ARebootIsNoHeartbeat",
       {Register("OK", kLively), Admin(Do::kAuthorize, "OK"), Wait("9"), Reboot(), Wait("1"),
        Faults(kSilent), Reboot(), Faults(kSilent)},
       "reboot-resets-liveness=no"},
      {"AWaitingPayloadsFaultIsNamedOtherwise",
       {Register("OK"), Faults("new payload of " + kGuid), Admin(Do::kAuthorize, "OK"), Faults("")},
       "not-authorized-fault=new payload"},
      {"ASilentPayloadsFaultIsNamedOtherwise",
       {Register("OK", kLively), Admin(Do::kAuthorize, "OK"), Wait("10"),
        Faults("lost of " + kGuid), Register("ALREADY_EXISTS"), Faults("")},
       "payload-liveness-fault=lost"},
  };
}

}  // namespace

const std::vector<Rule>& RulesUnderAssumptions() {
  static const std::vector<Rule> rules = [] {
    std::vector<Rule> all;
    for (auto part : {RegistrationRules(), AdministratorRules(), FaultRules()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return rules;
}

}  // namespace conformance
