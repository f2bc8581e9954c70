// The rules of time, software and tokens, and the table of all rules of services.
#include "tests/conformance/service_rules.h"
#include "tests/conformance/service_steps.h"

namespace conformance {
namespace {

std::string RoundTrip(const std::string& clock, const std::string& sent = "1700000000") {
  return "clock_identifier: '" + clock + "' previous_round_trip { client_tx { seconds: " + sent +
         " } server_rx { seconds: 1700000001 } server_tx { seconds: 1700000001 } "
         "client_rx { seconds: 1700000002 } }";
}
Step Sync(const std::string& request, const std::string& expected) {
  return Ask(kUser, "TimeSyncUpdate", request, expected);
}

std::vector<Rule> TimeRules() {
  return {
      {"TimeIsSynchronizedAfterThreeRoundTrips",
       {Sync("", "MORE_SAMPLES_NEEDED"), Sync(RoundTrip("{clock}"), "MORE_SAMPLES_NEEDED"),
        Sync(RoundTrip("{clock}"), "MORE_SAMPLES_NEEDED"), Sync(RoundTrip("{clock}"), "OK")}},
      {"ARoundTripWithoutAClockIsInvalid", {Sync(RoundTrip(""), "INVALID_REQUEST")}},
      {"AnUnknownClockIsTakenOver",
       {Sync("clock_identifier: 'mine'", "MORE_SAMPLES_NEEDED"),
        Sync(RoundTrip("mine"), "MORE_SAMPLES_NEEDED"),
        Sync(RoundTrip("mine"), "MORE_SAMPLES_NEEDED"), Sync(RoundTrip("mine"), "OK")}},
      {"TimesThatAreNoneAreInvalid",
       {Sync("", "MORE_SAMPLES_NEEDED"), Sync(RoundTrip("{clock}", "-5"), "INVALID_REQUEST"),
        Sync(RoundTrip("{clock}", "99000000000"), "INVALID_REQUEST")}},
  };
}

std::vector<Rule> SoftwareRules() {
  const std::string initiation = "bosdyn.api.PayloadSoftwareUpdateInitiationService";
  return {
      {"ThePayloadsLatestReportOnItsSoftwareCounts",
       WithAPayload({Report(kGuid, "acme", 1, "OK"), Report(kGuid, "acme", 2, "OK"),
                     Look(Do::kSoftware, "acme", "version 2.0.0 by " + kGuid),
                     Status(kGuid, "acme", "DOWNLOADING", "OK"),
                     Status(kGuid, "acme", "INSTALLING", "OK"),
                     Look(Do::kSoftware, "acme", "version 2.0.0 INSTALLING by " + kGuid),
                     Look(Do::kSoftware, "other", "absent")})},
      {"StagedSoftwareIsAvailableByName",
       {Look(Do::kStage, "acme", "OK"), Look(Do::kStage, "other", "OK"),
        Look(Do::kAvailable, "acme", "acme"), Look(Do::kAvailable, "acme none other", "acme other"),
        Look(Do::kAvailable, "", ""), Look(Do::kUnstage, "acme", "OK"),
        Look(Do::kAvailable, "acme other", "other"),
        Look(Do::kUnstage, "acme", "UNKNOWN_SERVICE")}},
      {"AReportWithoutAPackagesNameIsInvalid",
       {Report(kUser, "", 1, "INVALID_REQUEST"), Status(kUser, "", "IDLE", "INVALID_REQUEST")}},
      {"OnlyAnInitiationServiceThatCanBeCalledIsPrompted",
       WithAPayload({Look(Do::kPrompt, "acme-update", "UNKNOWN_SERVICE"),
                     Add(kGuid, Service("acme-update"), "OK"),
                     Look(Do::kPrompt, "acme-update", "UNKNOWN_SERVICE"),
                     Remove(kGuid, "acme-update", "OK"),
                     Add(kGuid,
                         "endpoint { host_ip: '127.0.0.1' } service_entry { name: 'acme-update' "
                         "type: '" +
                             initiation + "' authority: 'update' }",
                         "OK"),
                     Look(Do::kPrompt, "acme-update", "WRONG_STATE")})},
  };
}

Step Login(const std::string& name, const std::string& password, const std::string& expected) {
  return Ask(name, "GetAuthToken", "username: '" + name + "' password: '" + password + "'",
             expected);
}
Step Refresh(const std::string& who, const std::string& token, const std::string& expected) {
  return Ask(who, "GetAuthToken", "token: '" + token + "'", expected);
}
Step List(const std::string& who, const std::string& expected) {
  return Ask(who, "ListPayloads", "", expected);
}

std::vector<Step> SixFailures() {
  std::vector<Step> steps;
  for (int i = 0; i < 6; ++i) steps.push_back(Login("operator", "wrong", "INVALID_LOGIN"));
  steps.push_back(Login("operator", "operators-password", "TEMPORARILY_LOCKED_OUT"));
  return steps;
}
std::vector<Step> AMinuteAfterSixFailures() {
  std::vector<Step> steps = SixFailures();
  for (const Step& step :
       {Wait("59"), Login("operator", "operators-password", "TEMPORARILY_LOCKED_OUT"), Wait("1"),
        Login("operator", "operators-password", "OK")}) {
    steps.push_back(step);
  }
  return steps;
}

// Each rpc that needs a token, with a request that is right.
std::vector<Step> EachNeedingAToken(const std::string& who, const std::string& expected,
                                    const std::string& sync) {
  return {List(who, expected),
          Ask(who, "ListServiceEntries", "", expected),
          Ask(who, "GetServiceEntry", "service_name: 'auth'", expected),
          Add(who, Service("acme-lidar"), expected),
          Change(who, Service("acme-lidar"), expected),
          Trigger(who, Fault(Id("hot", "acme-lidar")), expected),
          Clear(who, Id("hot", "acme-lidar"), expected),
          Remove(who, "acme-lidar", expected),
          Ask(who, "GetRobotState", "", expected),
          Ask(who, "TimeSyncUpdate", "", sync),
          Report(who, "acme", 1, expected),
          Ask(who, "GetAvailableSoftwareUpdates", "package_names: 'acme'", expected),
          Status(who, "acme", "IDLE", expected)};
}

std::vector<Rule> TokenRules() {
  return {
      {"WithoutATokenOnlyRobotIdAuthAndRegistrationAnswer",
       [] {
         auto steps = EachNeedingAToken(kNobody, "UNAUTHENTICATED", "UNAUTHENTICATED");
         steps.push_back(Ask(kNobody, "GetRobotId", "", "OK"));
         steps.push_back(Register("OK"));
         return steps;
       }()},
      {"AUsersTokenOpensEveryService", EachNeedingAToken(kUser, "OK", "MORE_SAMPLES_NEEDED")},
      {"APayloadsTokenOpensEveryService",
       WithAPayload(EachNeedingAToken(kGuid, "OK", "MORE_SAMPLES_NEEDED"))},
      {"AUserLogsInWithThePasswordOnly",
       {Login("operator", "operators-password", "OK"), Login("operator", "wrong", "INVALID_LOGIN"),
        Login("nobody-known", "operators-password", "INVALID_LOGIN"), List("operator", "OK")}},
      {"ALoginNeedsAUserOrAToken",
       {Login("", "operators-password", "INVALID_REQUEST"), Login("", "", "INVALID_REQUEST")}},
      {"WithAUserNameThePasswordDecidesEvenIfATokenComesAlong",
       {Login("operator", "operators-password", "OK"),
        Ask("operator", "GetAuthToken", "username: 'operator' password: 'wrong' token: '{token}'",
            "INVALID_LOGIN")}},
      {"SixFailuresInARowLockAUserOut", SixFailures()},
      {"ALockOutLastsAMinute", AMinuteAfterSixFailures()},
      {"ARefreshedTokenIsGood",
       WithAPayload({Refresh(kGuid, "{token}", "OK"), List(kGuid, "OK"),
                     Login("operator", "operators-password", "OK"),
                     Refresh("operator", "{token}", "OK"), List("operator", "OK")})},
      {"ATokenThatIsNoneIsNotRefreshed",
       {Refresh(kUser, "eyJhbGciOiJFUzI1NiJ9.e30.AAAA", "INVALID_TOKEN")}},
      {"TheTokenOfAForgottenPayloadIsNotRefreshed",
       WithAPayload({Admin(Do::kForget, "OK"), Refresh(kGuid, "{token}", "INVALID_TOKEN")})},
      {"TheTokenOfADeauthorizedPayloadIsNotRefreshed",
       WithAPayload({Admin(Do::kDeauthorize, "OK"), Refresh(kGuid, "{token}", "INVALID_TOKEN")})},
      {"TokensExpireAfterTwelveHours",
       WithAPayload({Wait("43199"), List(kGuid, "OK"), Wait("1"), List(kGuid, "UNAUTHENTICATED"),
                     Refresh(kGuid, "{token}", "INVALID_TOKEN")})},
      {"EitherFormOfCredentialsWillDoAndTheNewOneWins",
       {Register("OK"),
        Ask(kNobody, "UpdatePayloadVersion",
            "payload_guid: '" + kGuid + "' payload_secret: '" + kSecret +
                "' updated_version { major_version: 1 }",
            "OK"),
        Ask(kNobody, "UpdatePayloadVersion",
            "payload_guid: '" + kGuid + "' payload_secret: '" + kSecret +
                "' payload_credentials { guid: '" + kGuid + "' secret: '" + kWrong +
                "' } updated_version { major_version: 2 }",
            "INVALID_CREDENTIALS"),
        Ask(kNobody, "UpdatePayloadVersion",
            "payload_guid: '" + kGuid + "' payload_secret: '" + kSecret +
                "' payload_credentials { secret: '" + kWrong +
                "' } updated_version { major_version: 3 }",
            "OK"),
        Field("version", "3.0.0")}},
      {"AnAbsentVersionIsStoredAsZero",
       {Register("OK", "version { major_version: 9 }"),
        Ask(kNobody, "UpdatePayloadVersion",
            "payload_credentials { guid: '" + kGuid + "' secret: '" + kSecret + "' }", "OK"),
        Field("version", "0.0.0")}},
  };
}

}  // namespace

const std::vector<Rule>& ServiceRules() {
  static const std::vector<Rule> rules = [] {
    std::vector<Rule> all;
    for (auto part : {DirectoryRules(), FaultRules(), TimeRules(), SoftwareRules(), TokenRules()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return rules;
}

}  // namespace conformance
