// Holds docs/failures.md to the truth: every row is produced here by a peer on a real socket, in
// every form of call, and every kind and cause of failure has a row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <set>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/payload_registration_keep_alive.h"
#include "rpc/findings.h"
#include "tests/integration/failures/call_forms.h"
#include "tests/integration/failures/keeping_forms.h"
#include "tests/integration/failures/matrix_document.h"
#include "tests/support/wire_client.h"
#include "tools/cli/exit_code.h"

namespace payload_manager::testing {
namespace {

constexpr char kNone[] = "–";

const Matrix& Document() {
  static const Matrix matrix = ReadMatrix(FAILURES_DOCUMENT);
  return matrix;
}

std::string ToString(Retryability retryability) {
  switch (retryability) {
    case Retryability::kRetryable:
      return "retryable";
    case Retryability::kPersistent:
      return "persistent";
    case Retryability::kNeither:
      return "neither";
  }
  return {};
}

std::string OrNone(std::string_view text) { return std::string(text.empty() ? kNone : text); }

// The message without whom it is about: `robot 127.0.0.1:443: RegisterPayload: <this>`.
std::string What(const Failure& failure, const ConnectionOptions& options) {
  const std::string start = "robot " + options.robot.ToString() + ": ";
  EXPECT_EQ(failure.message.compare(0, start.size(), start), 0) << failure.message;
  const auto call_ends = failure.message.find(": ", start.size());
  return call_ends == std::string::npos ? failure.message : failure.message.substr(call_ends + 2);
}

// Whether a cell of what gRPC shows fits: `A or …B`, where gRPC says now this, now that.
bool Shows(const std::string& cell, const std::string& text) {
  constexpr char kOr[] = " or …";
  const auto at = cell.find(kOr);
  return SaysSomewhere(cell.substr(0, at), text) ||
         (at != std::string::npos && SaysSomewhere(cell.substr(at + sizeof kOr - 1), text));
}

class FailureMatrix : public ::testing::TestWithParam<Scenario> {
 protected:
  void SetUp() override {
    FindingsTable::OfThisProcess().ForgetAll();  // of peers that had the same port before
    ASSERT_EQ(Document().error, "");
    const auto found = Document().rows.find(GetParam().row);
    ASSERT_NE(found, Document().rows.end()) << "docs/failures.md has no such row";
    row_ = found->second;
    staged_ = GetParam().stage();
    auto connection = Connect(staged_.options);
    ASSERT_TRUE(connection.ok()) << connection.error().message;
    connection_ = std::move(connection).value();
  }

  void ExpectAsDocumented(const Failure& failure) {
    EXPECT_EQ(ToString(failure.kind), row_["kind"]);
    EXPECT_EQ(OrNone(ToString(failure.cause)), row_["cause"]);
    EXPECT_EQ(ToString(RetryabilityOf(failure.kind)), row_["class"]);
    EXPECT_PRED2(Says, row_["our message"], What(failure, staged_.options));
    EXPECT_EQ(std::to_string(static_cast<int>(cli::ExitCodeFor(failure.kind))), row_["exit code"]);
    EXPECT_EQ(failure.message.find('\n'), std::string::npos);
    EXPECT_EQ(failure.message.find(kScenarioSecret), std::string::npos);
  }
  static std::string ToString(FailureKind kind) {
    return std::string(payload_manager::ToString(kind));
  }
  static std::string ToString(FailureCause cause) {
    return std::string(payload_manager::ToString(cause));
  }
  static std::string ToString(Retryability retryability) { return testing::ToString(retryability); }

  MatrixRow row_;
  Staged staged_;
  std::shared_ptr<RobotConnection> connection_;
};

TEST_P(FailureMatrix, IsTrueOfEveryFormOfCall) {
  const std::vector<Told> told = CallInEveryForm(GetParam().verb, connection_, staged_);
  EXPECT_GE(told.size(), 2U);
  for (const Told& each : told) {
    SCOPED_TRACE(each.form + ": " + each.failure.message);
    ExpectAsDocumented(each.failure);
    EXPECT_EQ(each.exception, row_["exception"]);
  }
}

TEST_P(FailureMatrix, IsTrueOfWhatABareClientShows) {
  const std::string& shown = row_["gRPC shows"];
  if (shown == kNone) {
    EXPECT_EQ(row_["kind"], "invalid argument") << "only what is not sent shows nothing";
    return;
  }
  using std::chrono::milliseconds;
  WireLimits limits;  // ours
  limits.connect_timeout =
      std::chrono::duration_cast<milliseconds>(staged_.options.connect_timeout);
  limits.largest_answer = 100 * 1024 * 1024;
  WireClient bare(staged_.options.robot.ToString(), staged_.options.root_certificates_pem,
                  "payload-registration.spot.robot", limits);
  WireOptions options;
  options.deadline = std::chrono::duration_cast<milliseconds>(*staged_.call.timeout);
  options.cancellation = staged_.call.cancellation;
  std::string response;
  auto call = std::async(std::launch::async, [&] {
    return bare.CallBytes(RpcOf(GetParam().verb), {}, &response, options);
  });
  staged_.meanwhile(1);
  const WireStatus status = call.get();
  const auto code_ends = shown.find(' ');
  EXPECT_EQ(status.code, shown.substr(0, code_ends)) << status.message;
  if (code_ends == std::string::npos) return;
  EXPECT_PRED2(Shows, shown.substr(code_ends + 1), status.message);
}

TEST_P(FailureMatrix, IsTrueOfTheKeepAlive) {
  if (row_["keep-alive"] == kNone) return;
  const KeptAlive kept = KeepAliveAt(connection_, staged_);
  EXPECT_EQ(kept.behaviour, row_["keep-alive"]) << kept.line;
  if (kept.behaviour == "registered") return;
  EXPECT_PRED2(SaysSomewhere, row_["our message"], kept.line);
  if (kept.failure.has_value()) ExpectAsDocumented(*kept.failure);
}

TEST_P(FailureMatrix, IsTrueOfASession) {
  if (row_["session"] == kNone) return;
  const auto snapshot = SessionAt(connection_, staged_);
  ASSERT_TRUE(snapshot.has_value());
  EXPECT_EQ(payload_manager::ToString(snapshot->state), row_["session"]);
  if (row_["keep-alive"] == "registered") return;
  ASSERT_TRUE(snapshot->failure.has_value());
  ExpectAsDocumented(*snapshot->failure);
}

// Rows without a scenario, and why.
const std::set<std::string> kWithoutPeer{
    "shut-down",            // nothing is sent
    "name-service-failed",  // would need a machine whose name service is broken
};

TEST(FailuresDocument, HasExactlyTheRowsThatAreProducedHere) {
  ASSERT_EQ(Document().error, "");
  std::set<std::string> documented;
  for (const auto& [name, row] : Document().rows) documented.insert(name);
  std::set<std::string> produced = kWithoutPeer;
  for (const Scenario& scenario : AllScenarios()) {
    EXPECT_TRUE(produced.insert(scenario.row).second) << scenario.row;
  }
  EXPECT_EQ(documented, produced);
}

TEST(FailuresDocument, HasARowForEveryKindAndEveryCause) {
  std::set<std::string> kinds;
  std::set<std::string> causes;
  for (const auto& [name, row] : Document().rows) {
    ASSERT_EQ(row.count("our message"), 1U) << name << " is missing in a table for operators";
    ASSERT_EQ(row.count("kind"), 1U) << name << " is missing in the table for developers";
    kinds.insert(row.at("kind"));
    causes.insert(row.at("cause"));
  }
  for (int kind = 0; ToString(static_cast<FailureKind>(kind)) != "unknown failure"; ++kind) {
    EXPECT_EQ(kinds.count(std::string(ToString(static_cast<FailureKind>(kind)))), 1U) << kind;
  }
  for (int cause = 0; ToString(static_cast<FailureCause>(cause)) != "unknown cause"; ++cause) {
    EXPECT_EQ(causes.count(OrNone(ToString(static_cast<FailureCause>(cause)))), 1U) << cause;
  }
}

TEST(FailuresDocument, IsTrueOfACallAfterShutdown) {
  MatrixRow row = Document().rows.at("shut-down");
  const auto connection = std::shared_ptr<RobotConnection>(Connect(PlainTo(1)).value());
  PayloadRegistrationKeepAlive keep_alive(connection, bosdyn::api::Payload(),
                                          Secret(kScenarioSecret));
  keep_alive.Shutdown();
  try {
    keep_alive.Start();
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(ToString(error.kind()), row["kind"]);
    EXPECT_EQ(ToString(RetryabilityOf(error.kind())), row["class"]);
    EXPECT_EQ(ClassOf(error), row["exception"]);
    EXPECT_PRED2(SaysSomewhere, row["our message"], error.what());
    EXPECT_EQ(std::to_string(static_cast<int>(cli::ExitCodeFor(error.kind()))), row["exit code"]);
  }
}

std::string NameOf(const ::testing::TestParamInfo<Scenario>& scenario) {
  std::string name = scenario.param.row;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Connecting, FailureMatrix, ::testing::ValuesIn(ConnectingScenarios()),
                         NameOf);
INSTANTIATE_TEST_SUITE_P(Transport, FailureMatrix, ::testing::ValuesIn(TransportScenarios()),
                         NameOf);
INSTANTIATE_TEST_SUITE_P(Answers, FailureMatrix, ::testing::ValuesIn(AnswerScenarios()), NameOf);

}  // namespace
}  // namespace payload_manager::testing
