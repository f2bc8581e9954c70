#include "rpc/requests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "payload_manager/connect.h"
#include "rpc/call_metadata.h"

namespace payload_manager {
namespace {

namespace api = bosdyn::api;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

class StoppedClock : public Clock {
 public:
  explicit StoppedClock(Duration since_epoch) : wall_(since_epoch) {}
  TimePoint Now() const override { return {}; }
  WallTime WallNow() const override { return wall_; }

 private:
  WallTime wall_;
};

const StoppedClock kClock(std::chrono::seconds(1700000000) + std::chrono::nanoseconds(42));
const PayloadCredentials kMine{"guid", Secret("secret")};

template <typename Request>
void ExpectHeader(const Request& request) {
  EXPECT_EQ(request.header().request_timestamp().seconds(), 1700000000);
  EXPECT_EQ(request.header().request_timestamp().nanos(), 42);
  EXPECT_EQ(request.header().client_name(), "tester");
}

TEST(Requests, AllHaveTimeAndClientNameInTheirHeader) {
  const RequestMaker maker(&kClock, "tester");
  const api::Payload payload;
  ExpectHeader(*maker.Register(payload, kMine.secret));
  ExpectHeader(maker.UpdateVersion(kMine, {}));
  ExpectHeader(maker.PayloadToken(kMine));
  ExpectHeader(maker.Attach(kMine, Attachment::kAttach));
  ExpectHeader(maker.List());
  ExpectHeader(maker.Refresh(Secret("token")));
  ExpectHeader(maker.Login("user", Secret("password")));
  ExpectHeader(maker.DirectoryEntry("payload"));
}

TEST(Requests, ARegistrationRefersToThePayloadAndLeavesItAsItWas) {
  const RequestMaker maker(&kClock, "tester");
  api::Payload payload;
  payload.set_guid("guid");
  payload.add_preset_configurations()->set_preset_name("front");
  const std::string before = payload.SerializeAsString();
  {
    const auto first = maker.Register(payload, kMine.secret);
    const auto second = maker.Register(payload, kMine.secret);
    EXPECT_EQ(&(*first).payload(), &payload);
    api::RegisterPayloadRequest arrived;
    ASSERT_TRUE(arrived.ParseFromString((*second).SerializeAsString()));
    EXPECT_EQ(arrived.payload().SerializeAsString(), before);
    EXPECT_EQ(arrived.payload_secret(), "secret");
  }
  EXPECT_EQ(payload.SerializeAsString(), before);
}

TEST(Requests, TimesBeforeTheEpochHavePositiveNanoseconds) {
  const StoppedClock before(std::chrono::nanoseconds(-1));
  const auto stamp = RequestMaker(&before, "").List().header().request_timestamp();
  EXPECT_EQ(stamp.seconds(), -1);
  EXPECT_EQ(stamp.nanos(), 999999999);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
template <typename Request>
void ExpectCredentialsBothWays(const Request& request) {
  EXPECT_EQ(request.payload_guid(), "guid");
  EXPECT_EQ(request.payload_secret(), "secret");
  EXPECT_EQ(request.payload_credentials().guid(), "guid");
  EXPECT_EQ(request.payload_credentials().secret(), "secret");
}
#pragma GCC diagnostic pop

TEST(Requests, FillTheDeprecatedCredentialFieldsToo) {
  const RequestMaker maker(&kClock, "tester");
  ExpectCredentialsBothWays(maker.PayloadToken(kMine));
  ExpectCredentialsBothWays(maker.UpdateVersion(kMine, {}));
}

TEST(Requests, SayWhetherToAttachOrDetach) {
  const RequestMaker maker(&kClock, "tester");
  EXPECT_EQ(maker.Attach(kMine, Attachment::kAttach).request(),
            api::UpdatePayloadAttachedRequest::REQUEST_ATTACH);
  EXPECT_EQ(maker.Attach(kMine, Attachment::kDetach).request(),
            api::UpdatePayloadAttachedRequest::REQUEST_DETACH);
  EXPECT_EQ(maker.Attach(kMine, Attachment::kDetach).payload_credentials().secret(), "secret");
}

Exchange Listing(bool insecure) { return {"spot:443", "ListPayloads", "x", insecure, {}}; }

// What MakeMetadata adds.
Outcome<Metadata> Made(const Exchange& exchange, const Metadata& added, const Secret& token) {
  Metadata metadata;
  const auto made = MakeMetadata(
      exchange, added, token,
      [&](const std::string& key, const std::string& value) { metadata.emplace_back(key, value); });
  if (!made.ok()) return Failed{made.error()};
  return metadata;
}

TEST(CallMetadata, CarriesTheTokenAsBearer) {
  const auto metadata = Made(Listing(false), {{"x-a", "1"}}, Secret("tok"));
  ASSERT_TRUE(metadata.ok());
  EXPECT_THAT(*metadata, ElementsAre(Pair("x-a", "1"), Pair("authorization", "Bearer tok")));
}

TEST(CallMetadata, LeavesAnAuthorizationOfTheCallersAlone) {
  const auto metadata = Made(Listing(true), {{"authorization", "Bearer by-hand"}}, Secret("tok"));
  ASSERT_TRUE(metadata.ok());
  EXPECT_THAT(*metadata, ElementsAre(Pair("authorization", "Bearer by-hand")));
}

TEST(CallMetadata, HasNoAuthorizationWithoutAToken) {
  EXPECT_TRUE(Made(Listing(false), {}, Secret())->empty());
}

TEST(CallMetadata, RefusesWhatCannotTravel) {
  for (const auto& [key, value] : Metadata{{"Upper", "x"},
                                           {"", "x"},
                                           {":path", "x"},
                                           {"with space", "x"},
                                           {"x-line", "two\nlines"},
                                           {"x-eight", "\xc3\xa4"}}) {
    const auto refused = Made(Listing(false), {{key, value}}, Secret());
    ASSERT_FALSE(refused.ok()) << key;
    EXPECT_EQ(refused.error().kind, FailureKind::kInvalidArgument);
    EXPECT_THAT(refused.error().message, HasSubstr("'" + key + "'"));
  }
  EXPECT_TRUE(Made(Listing(false), {{"x-bin", std::string("\0\xff", 2)}}, Secret()).ok());
}

TEST(CallMetadata, KnowsWhatOfItIsSecret) {
  const auto secrets = SecretsIn({{"x-plain", "shown"},
                                  {"authorization", "Bearer tok"},
                                  {"authorization", "bare"},
                                  {"x-key-bin", "a b"}});
  EXPECT_THAT(secrets,
              ElementsAre(Secret("Bearer tok"), Secret("tok"), Secret("bare"), Secret("a b")));
}

TEST(CallMetadata, RefusesATokenThatIsNone) {
  const auto refused = Made(Listing(false), {}, Secret("tok\nen"));
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, Not(HasSubstr("en\n")));
}

TEST(CallMetadata, ATokenTravelsOverPlainOnlyWhereThatIsAskedForByName) {
  const Secret token("tok");
  EXPECT_TRUE(CheckTokenMayTravel(Listing(false), token, TokenRule::kOverTlsOnly).ok());
  EXPECT_TRUE(CheckTokenMayTravel(Listing(true), token, TokenRule::kAlsoOverPlain).ok());
  EXPECT_TRUE(CheckTokenMayTravel(Listing(true), Secret(), TokenRule::kOverTlsOnly).ok());
  const auto refused = CheckTokenMayTravel(Listing(true), token, TokenRule::kOverTlsOnly);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, FailureKind::kInvalidArgument);
  EXPECT_THAT(refused.error().message, HasSubstr("ConnectionOptions::token_over_plain"));
}

TEST(Connect, RefusesOptionsThatCannotWorkAndNamesThem) {
  const auto why = [](const ConnectionOptions& options) {
    auto connection = Connect(options);
    return connection.ok() ? "connected" : connection.error().message;
  };
  ConnectionOptions options;
  options.robot = {"127.0.0.1", 443};
  EXPECT_THAT(why(options), HasSubstr("root_certificates_pem"));
  options.root_certificates_pem = "not a certificate";
  EXPECT_THAT(why(options), HasSubstr("root_certificates_pem"));
  options.root_certificates_pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_THAT(why(options), HasSubstr("root_certificates_pem"));
  options.insecure = true;
  EXPECT_THAT(why(options), HasSubstr("contradict"));
  options.root_certificates_pem.clear();
  EXPECT_EQ(why(options), "connected");
  options.robot.port = 0;
  EXPECT_THAT(why(options), HasSubstr("robot"));
  options.robot = {"", 443};
  EXPECT_THAT(why(options), HasSubstr("robot"));
  options.robot = {"spot", 443};
  options.clock = nullptr;
  EXPECT_THAT(why(options), HasSubstr("clock"));
}

}  // namespace
}  // namespace payload_manager
