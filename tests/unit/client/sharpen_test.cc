// What a probe's report makes of a failure.
#include "rpc/sharpen.h"

#include <gmock/gmock.h>
#include <grpcpp/support/status_code_enum.h>
#include <gtest/gtest.h>

namespace payload_manager {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Cause = FailureCause;
using Kind = FailureKind;

Exchange Registering(bool insecure = false) {
  return {"192.168.80.3:443",
          "RegisterPayload",
          "payload-registration.spot.robot",
          insecure,
          {{"hush-hush"}}};
}

const TransportStatus kUntrusted{grpc::UNAVAILABLE, "Ssl handshake failed: EVP lib", {}};
const TransportStatus kLost{grpc::UNAVAILABLE, "Socket closed", {}};
const TransportStatus kTimedOut{grpc::DEADLINE_EXCEEDED, "Deadline Exceeded", {}};
const TransportStatus kNoConnection{grpc::UNAVAILABLE, "failed to connect to all addresses", {}};

Failure Sharpen(const TransportStatus& status, const ProbeReport& report, bool insecure = false) {
  const Exchange exchange = Registering(insecure);
  return Sharpened(exchange, status, JudgeTransport(exchange, status), report);
}

TEST(Sharpened, ACertificateThatIsNotTrustedSaysWhy) {
  const Failure failure =
      Sharpen(kUntrusted, {Cause::kCertificateExpired, "it was valid until 2020-01-01"});
  EXPECT_EQ(failure.kind, Kind::kUnableToConnect);
  EXPECT_EQ(failure.cause, Cause::kCertificateExpired);
  EXPECT_EQ(failure.message,
            "robot 192.168.80.3:443: RegisterPayload: unable to connect: the robot's certificate "
            "has expired; check this computer's clock, then have the certificate renewed (it was "
            "valid until 2020-01-01) (Ssl handshake failed: EVP lib)");
}

TEST(Sharpened, AReportThatDoesNotFitChangesNothing) {
  for (const Cause found :
       {Cause::kNone, Cause::kSilent, Cause::kRefused, Cause::kPeerSpeaksPlain}) {
    const Failure failure = Sharpen(kUntrusted, {found, {}});
    EXPECT_EQ(failure.cause, Cause::kCertificateNotTrusted) << ToString(found);
    EXPECT_THAT(failure.message, HasSubstr("not trusted"));
  }
  const Failure refused =
      Sharpen({grpc::UNAVAILABLE, "Connection refused", {}}, {Cause::kSilent, {}});
  EXPECT_EQ(refused.cause, Cause::kRefused);
  const Failure no = Sharpen({grpc::UNAUTHENTICATED, "no", {}}, {Cause::kCertificateExpired, {}});
  EXPECT_EQ(no.kind, Kind::kUnauthenticated);
  EXPECT_EQ(no.cause, Cause::kNone);
}

TEST(Sharpened, ALossIsARobotThatWantsTls) {
  const Failure failure = Sharpen(kLost, {Cause::kPeerSpeaksTls, {}}, true);
  EXPECT_EQ(failure.kind, Kind::kUnableToConnect);
  EXPECT_EQ(failure.cause, Cause::kPeerSpeaksTls);
  EXPECT_THAT(failure.message, HasSubstr("unable to connect: the other end wants TLS"));
}

TEST(Sharpened, ALossIsNothingElse) {
  EXPECT_EQ(Sharpen(kLost, {Cause::kRefused, {}}, true).kind, Kind::kConnectionLost);
  EXPECT_EQ(Sharpen(kLost, {Cause::kPeerSpeaksTls, {}}, false).kind, Kind::kConnectionLost);
}

TEST(Sharpened, ATimeoutStaysOneAndSaysWhatStoodInTheWay) {
  const Failure failure = Sharpen(kTimedOut, {Cause::kNoAnswer, {}});
  EXPECT_EQ(failure.kind, Kind::kTimedOut);
  EXPECT_EQ(failure.cause, Cause::kNoAnswer);
  EXPECT_THAT(failure.message, HasSubstr("timed out: nobody answers at this address"));
  EXPECT_THAT(failure.message, Not(HasSubstr("have acted")));
}

TEST(Sharpened, NoConnectionIsWhateverWasFound) {
  EXPECT_EQ(Sharpen(kNoConnection, {Cause::kNoAnswer, {}}).cause, Cause::kNoAnswer);
  const Failure name = Sharpen(kNoConnection, {Cause::kNameNotInCertificate, "it is for printer"});
  EXPECT_EQ(name.kind, Kind::kNonexistentAuthority);
  EXPECT_THAT(name.message, HasSubstr("(it is for printer)"));
}

TEST(Sharpened, NeverShowsASecretOrASecondLine) {
  const Failure failure =
      Sharpen(kUntrusted, {Cause::kCertificateExpired, "issued by 'hush-hush\nrobot 1: all well'"});
  EXPECT_THAT(failure.message, Not(HasSubstr("hush-hush")));
  EXPECT_THAT(failure.message, Not(HasSubstr("\n")));
}

TEST(Explain, HasWordsForEveryCauseAndSaysWhatToCheck) {
  EXPECT_EQ(Explain(Cause::kNone), "");
  for (int cause = 1; ToString(static_cast<Cause>(cause)) != "unknown cause"; ++cause) {
    const std::string words(Explain(static_cast<Cause>(cause)));
    EXPECT_TRUE(words.find("check") != std::string::npos ||
                static_cast<Cause>(cause) == Cause::kPeerSpeaksTls)
        << words;
  }
}

}  // namespace
}  // namespace payload_manager
