#include "tests/conformance/rules.h"

namespace conformance {
namespace {

const std::string kGuid = "00000000-aaaa-4aaa-8aaa-000000000001";
const std::string kUpperGuid = "00000000-AAAA-4AAA-8AAA-000000000001";
const std::string kOther = "00000000-bbbb-4bbb-8bbb-000000000002";
const std::string kSecret = "the-right-secret";
const std::string kWrong = "the-wrong-secret";
const std::string kPresets =
    "preset_configurations { preset_name: 'rear' description: 'at the back' "
    "  mount_tform_payload { position { x: -0.2 } rotation { w: 1 } } "
    "  mass_volume_properties { total_mass: 2 } "
    "  label_prefix: 'mount_port:rear' mount_frame_name: MOUNT_FRAME_GRIPPER_PAYLOAD } "
    "preset_configurations { preset_name: 'front' label_prefix: 'mount_port:front' }";
const std::string kWaiting = "payload_not_authorized of " + kGuid;
const std::string kSilent = "payload_liveness of " + kGuid;

Step Register(const std::string& expected, const std::string& definition = {},
              const std::string& secret = kSecret) {
  return {Do::kRegister, kGuid, secret, definition, expected};
}
Step Field(const std::string& field, const std::string& value) {
  return {Do::kField, kGuid, {}, field, value};
}
Step With(Do what, const std::string& secret, const std::string& expected,
          const std::string& guid = kGuid) {
  return {what, guid, secret, what == Do::kUpdateVersion ? "1.2.3" : "", expected};
}
Step Admin(Do what, const std::string& expected, const std::string& preset = {}) {
  return {what, kGuid, {}, preset, expected};
}
Step State(const std::string& expected) { return {Do::kState, kGuid, {}, {}, expected}; }
Step Faults(const std::string& expected) { return {Do::kFaults, {}, {}, {}, expected}; }
Step Wait(const std::string& seconds) { return {Do::kWait, {}, {}, seconds, ""}; }

std::vector<Rule> RegistrationRules() {
  return {
      {"TheFirstRegistrationIsOkAndWaits", {Register("OK"), State("waiting")}},
      {"AnEmptyGuidIsAnInvalidRequest", {{Do::kRegister, "", kSecret, "", "INVALID_REQUEST"}}},
      {"ADefinitionThatSaysAuthorizedIsAnInvalidRequest",
       {Register("INVALID_REQUEST", "is_authorized: true"), State("absent")}},
      {"ADefinitionThatSaysEnabledIsAnInvalidRequest",
       {Register("INVALID_REQUEST", "is_enabled: true"), State("absent")}},
      {"AKnownGuidAlreadyExistsWhateverTheSecret",
       {Register("OK"), Register("ALREADY_EXISTS"), Register("ALREADY_EXISTS", "", kWrong),
        Register("ALREADY_EXISTS", "", "")}},
      {"ANewSecretDoesNotReplaceTheRegisteredOne",
       {Register("OK"), Register("ALREADY_EXISTS", "", kWrong),
        With(Do::kUpdateVersion, kWrong, "INVALID_CREDENTIALS"),
        With(Do::kUpdateVersion, kSecret, "OK")}},
      {"AKnownDefinitionIsNeverOverwritten",
       {Register("OK", "description: 'first'"), Register("ALREADY_EXISTS", "description: 'second'"),
        Field("description", "first")}},
      {"GuidsAreStoredInLowerCaseAndMatchedRegardlessOfCase",
       {{Do::kRegister, kUpperGuid, kSecret, "", "OK"},
        Register("ALREADY_EXISTS"),
        With(Do::kUpdateVersion, kSecret, "OK", kUpperGuid),
        {Do::kAuthorize, kUpperGuid, "", "", "OK"},
        With(Do::kGetToken, kSecret, "OK", kUpperGuid),
        {Do::kGuids, "", "", "", kGuid}}},
      {"SecretsAreMatchedInTheirCase",
       {Register("OK"), With(Do::kUpdateVersion, "THE-RIGHT-SECRET", "INVALID_CREDENTIALS")}},
      {"PayloadsAreListedInTheOrderOfRegistration",
       {{Do::kRegister, kOther, kSecret, "", "OK"},
        Register("OK"),
        {Do::kGuids, "", "", "", kOther + " " + kGuid}}},
      {"AnImplausibleDefinitionIsAccepted",
       {Register("OK", "name: '' mass_volume_properties { total_mass: -3 }"), State("waiting")}},
      {"APayloadWithoutASecretIsListedAndNothingElse",
       {Register("OK", "", ""), Register("ALREADY_EXISTS", "", ""), State("waiting"),
        With(Do::kUpdateVersion, "", "INVALID_CREDENTIALS"),
        With(Do::kUpdateVersion, kSecret, "INVALID_CREDENTIALS"), Admin(Do::kAuthorize, "OK"),
        State("authorized"), With(Do::kGetToken, "", "INVALID_CREDENTIALS"),
        With(Do::kGetToken, kSecret, "INVALID_CREDENTIALS"),
        With(Do::kAttach, "", "INVALID_CREDENTIALS"),
        With(Do::kAttach, kSecret, "INVALID_CREDENTIALS")}},
  };
}

std::vector<Rule> CredentialRules() {
  return {
      {"UpdateVersionWorksBeforeAuthorization",
       {Register("OK"), With(Do::kUpdateVersion, kSecret, "OK"), Field("version", "1.2.3")}},
      {"UpdateVersionOfAnUnknownGuidDoesNotExist",
       {With(Do::kUpdateVersion, kSecret, "DOES_NOT_EXIST")}},
      {"UpdateVersionWithAWrongSecretChangesNothing",
       {Register("OK", "version { major_version: 9 }"),
        With(Do::kUpdateVersion, kWrong, "INVALID_CREDENTIALS"), Field("version", "9.0.0")}},
      {"TheVersionSurvivesAuthorization",
       {Register("OK", kPresets), With(Do::kUpdateVersion, kSecret, "OK"),
        Admin(Do::kAuthorize, "OK", "rear"), Field("version", "1.2.3")}},
      {"ATokenIsGivenOnceAuthorized",
       {Register("OK"),
        With(Do::kGetToken, kSecret, "PAYLOAD_NOT_AUTHORIZED"),
        Admin(Do::kAuthorize, "OK"),
        With(Do::kGetToken, kSecret, "OK"),
        {Do::kUseToken, kGuid, "", "", "OK"}}},
      {"ATokenForAnUnknownGuidIsInvalidCredentials",
       {With(Do::kGetToken, kSecret, "INVALID_CREDENTIALS")}},
      {"ATokenForAWrongSecretIsInvalidCredentialsEvenWhileWaiting",
       {Register("OK"), With(Do::kGetToken, kWrong, "INVALID_CREDENTIALS"),
        Admin(Do::kAuthorize, "OK"), With(Do::kGetToken, kWrong, "INVALID_CREDENTIALS")}},
      {"AttachingSetsEnabledAndDetachingClearsIt",
       {Register("OK"), Admin(Do::kAuthorize, "OK"), State("authorized"),
        With(Do::kAttach, kSecret, "OK"), State("authorized attached"),
        With(Do::kDetach, kSecret, "OK"), State("authorized")}},
      {"AttachChecksExistenceThenSecretThenAuthorization",
       {With(Do::kAttach, kWrong, "DOES_NOT_EXIST"), Register("OK"),
        With(Do::kAttach, kWrong, "INVALID_CREDENTIALS"),
        With(Do::kAttach, kSecret, "PAYLOAD_NOT_AUTHORIZED"),
        With(Do::kDetach, kSecret, "PAYLOAD_NOT_AUTHORIZED"), State("waiting")}},
      {"AnAttachRequestForNothingIsInvalid",
       {Register("OK"), Admin(Do::kAuthorize, "OK"),
        With(Do::kAskForNothing, kSecret, "INVALID_REQUEST"), State("authorized")}},
  };
}

std::vector<Rule> AdministratorRules() {
  return {
      {"AuthorizingWithAPresetReplacesAllButTheName",
       {Register("OK", "name: 'lidar' description: 'plain' label_prefix: 'top' " + kPresets),
        Admin(Do::kAuthorize, "OK", "rear"), Field("name", "lidar"),
        Field("description", "at the back"), Field("x", "-0.2"), Field("mass", "2"),
        Field("labels", "mount_port:rear"), Field("frame", "MOUNT_FRAME_GRIPPER_PAYLOAD")}},
      {"AuthorizingByDefaultKeepsTheDefinition",
       {Register("OK", "description: 'plain' " + kPresets), Admin(Do::kAuthorize, "OK"),
        Field("description", "plain"), Field("mass", "1")}},
      {"AnUnknownPresetAuthorizesNothing",
       {Register("OK", kPresets), Admin(Do::kAuthorize, "UNKNOWN_PRESET", "side"),
        State("waiting")}},
      {"APresetForTheOtherPortIsNotOffered",
       {Register("OK", "ipv4_address: '192.168.50.5' " + kPresets),
        Admin(Do::kAuthorize, "UNKNOWN_PRESET", "front"), Admin(Do::kAuthorize, "OK", "rear")}},
      {"WithoutAnAddressNoPresetIsHidden",
       {Register("OK", kPresets), Admin(Do::kAuthorize, "OK", "front")}},
      {"WhatAPresetLeavesOutIsAbsentAfterwards",
       {Register("OK",
                 "description: 'plain' label_prefix: 'top' "
                 "mount_frame_name: MOUNT_FRAME_WR1 mount_tform_payload { position { x: 1 } "
                 "} preset_configurations { preset_name: 'bare' }"),
        Field("x", "1"), Field("mass", "1"), Admin(Do::kAuthorize, "OK", "bare"),
        Field("name", "payload"), Field("description", ""), Field("labels", ""),
        Field("frame", "MOUNT_FRAME_UNKNOWN"), Field("x", "absent"), Field("mass", "absent")}},
      {"APresetWithoutANameCannotBePicked",
       {Register("OK", "description: 'plain' preset_configurations { description: 'nameless' }"),
        Admin(Do::kAuthorize, "OK"), Field("description", "plain")}},
      {"AuthorizingAgainPicksAnotherConfiguration",
       {Register("OK", "description: 'plain' " + kPresets), Admin(Do::kAuthorize, "OK", "rear"),
        With(Do::kAttach, kSecret, "OK"), Admin(Do::kAuthorize, "OK"),
        Field("description", "plain"), State("authorized attached")}},
      {"DeauthorizingKeepsTheRegistrationAndDetaches",
       {Register("OK", "description: 'plain' " + kPresets), Admin(Do::kAuthorize, "OK", "rear"),
        With(Do::kAttach, kSecret, "OK"), Admin(Do::kDeauthorize, "OK"), State("waiting"),
        Field("description", "plain"), With(Do::kGetToken, kSecret, "PAYLOAD_NOT_AUTHORIZED"),
        Admin(Do::kDeauthorize, "WRONG_STATE")}},
      {"DeauthorizingVoidsTokensForGood",
       {Register("OK"),
        Admin(Do::kAuthorize, "OK"),
        With(Do::kGetToken, kSecret, "OK"),
        Admin(Do::kDeauthorize, "OK"),
        {Do::kUseToken, kGuid, "", "", "UNAUTHENTICATED"},
        Admin(Do::kAuthorize, "OK"),
        {Do::kUseToken, kGuid, "", "", "UNAUTHENTICATED"}}},
      {"RejectingAWaitingPayloadForgetsIt",
       {Register("OK"), Admin(Do::kReject, "OK"), State("absent"),
        With(Do::kGetToken, kSecret, "INVALID_CREDENTIALS"), Register("OK"), State("waiting")}},
      {"AnAuthorizedPayloadCannotBeRejected",
       {Register("OK"), Admin(Do::kAuthorize, "OK"), Admin(Do::kReject, "WRONG_STATE"),
        State("authorized")}},
      {"AForgottenPayloadIsUnknownAndStartsOver",
       {Register("OK"), Admin(Do::kAuthorize, "OK"), Admin(Do::kForget, "OK"), State("absent"),
        With(Do::kGetToken, kSecret, "INVALID_CREDENTIALS"),
        With(Do::kUpdateVersion, kSecret, "DOES_NOT_EXIST"), Register("OK", "", kWrong),
        State("waiting"), With(Do::kGetToken, kSecret, "INVALID_CREDENTIALS"),
        With(Do::kGetToken, kWrong, "PAYLOAD_NOT_AUTHORIZED")}},
      {"AForgottenPayloadsTokensStayVoidWhenItComesBack",
       {Register("OK"),
        Admin(Do::kAuthorize, "OK"),
        With(Do::kGetToken, kSecret, "OK"),
        Admin(Do::kForget, "OK"),
        {Do::kUseToken, kGuid, "", "", "UNAUTHENTICATED"},
        Register("OK"),
        Admin(Do::kAuthorize, "OK"),
        {Do::kUseToken, kGuid, "", "", "UNAUTHENTICATED"}}},
      {"TheAdministratorCannotTouchWhatIsUnknown",
       {Admin(Do::kAuthorize, "UNKNOWN_PAYLOAD"), Admin(Do::kDeauthorize, "UNKNOWN_PAYLOAD"),
        Admin(Do::kReject, "UNKNOWN_PAYLOAD"), Admin(Do::kForget, "UNKNOWN_PAYLOAD")}},
      {"RegistrationsSurviveAReboot",
       {Register("OK"),
        Admin(Do::kAuthorize, "OK"),
        With(Do::kAttach, kSecret, "OK"),
        With(Do::kGetToken, kSecret, "OK"),
        {Do::kReboot, "", "", "", "OK"},
        State("authorized attached"),
        {Do::kUseToken, kGuid, "", "", "OK"}}},
  };
}

std::vector<Rule> FaultRules() {
  return {
      {"AWaitingPayloadHasAFaultUntilItIsAuthorized",
       {Register("OK"), Faults(kWaiting), Admin(Do::kAuthorize, "OK"), Faults(""),
        Admin(Do::kDeauthorize, "OK"), Faults(kWaiting)}},
      {"RejectingClearsTheFault", {Register("OK"), Admin(Do::kReject, "OK"), Faults("")}},
      {"ForgettingClearsTheFault", {Register("OK"), Admin(Do::kForget, "OK"), Faults("")}},
      {"TooLongWithoutAHeartbeatRaisesAFaultAndTheNextClearsIt",
       {Register("OK", "liveness_timeout_secs: 10"), Admin(Do::kAuthorize, "OK"), Wait("9"),
        Faults(""), Register("ALREADY_EXISTS"), Wait("9"), Faults(""), Wait("1"), Faults(kSilent),
        Register("ALREADY_EXISTS"), Faults("")}},
      {"AHeartbeatNeedsTheRightSecret",
       {Register("OK", "liveness_timeout_secs: 10"), Admin(Do::kAuthorize, "OK"), Wait("9"),
        Register("ALREADY_EXISTS", "", kWrong), Wait("1"), Faults(kSilent),
        Register("ALREADY_EXISTS", "", kWrong), Faults(kSilent)}},
      {"WithoutALivenessTimeoutNobodyWatches",
       {Register("OK"), Admin(Do::kAuthorize, "OK"), Wait("100000"), Faults("")}},
      {"WithAnAddressTheRobotPingsInstead",
       {Register("OK", "liveness_timeout_secs: 10 ipv4_address: '192.168.50.5'"),
        Admin(Do::kAuthorize, "OK"), Wait("100000"), Faults("")}},
      {"AnAddressThatIsNoneCountsAsNone",
       {Register("OK", "liveness_timeout_secs: 10 ipv4_address: 'lidar.local' " + kPresets),
        Admin(Do::kAuthorize, "OK", "front"), Wait("10"), Faults(kSilent)}},
      {"WithoutASecretEveryRegistrationWithoutOneIsAHeartbeat",
       {Register("OK", "liveness_timeout_secs: 10", ""), Admin(Do::kAuthorize, "OK"), Wait("9"),
        Register("ALREADY_EXISTS", "", ""), Wait("9"), Faults(""),
        Register("ALREADY_EXISTS", "", kWrong), Wait("1"), Faults(kSilent)}},
      {"ARebootWatchesLivenessAfresh",
       {Register("OK", "liveness_timeout_secs: 10"),
        Admin(Do::kAuthorize, "OK"),
        Wait("10"),
        Faults(kSilent),
        {Do::kReboot, "", "", "", "OK"},
        Faults(""),
        Wait("10"),
        Faults(kSilent)}},
  };
}

}  // namespace

const std::vector<Rule>& Rules() {
  static const std::vector<Rule> rules = [] {
    std::vector<Rule> all;
    for (auto part : {RegistrationRules(), CredentialRules(), AdministratorRules(), FaultRules()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return rules;
}

}  // namespace conformance
