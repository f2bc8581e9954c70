#include "tests/bench/own_work/workloads.h"

#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include "payload_manager/connect.h"
#include "payload_manager/payload_registration_client.h"
#include "payload_manager/payload_registration_keep_alive.h"
#include "payload_manager/payload_sessions.h"
#include "tests/bench/client/work.h"
#include "tests/bench/own_work/counting.h"
#include "tests/support/virtual_runtime.h"

namespace payload_manager::bench {
namespace {

using testing::VirtualRuntime;

constexpr std::uint64_t kCalls = 200;
constexpr int kPayloads = 200;

// Never connected: the stubs are fake (fake_stubs.cc).
std::shared_ptr<RobotConnection> MakeConnection() {
  ConnectionOptions options;
  options.robot = {"192.0.2.1", 443};
  options.insecure = true;
  return Connect(options).value();
}

template <typename Call>
Workload Calls(Call call) {
  return [call = std::move(call)] {
    const SwitchCounting on(true);
    for (std::uint64_t i = 0; i < kCalls; ++i) call();
    return kCalls;
  };
}

struct Client {
  PayloadRegistrationClient client{MakeConnection()};
  bosdyn::api::Payload payload = MakePayloads(1).front();
  PayloadCredentials credentials{payload.guid(), PayloadSecret()};
  CallOptions options;
};

void Expect(const Outcome<Done>& outcome) {
  if (outcome.ok() || outcome.error().kind != FailureKind::kPayloadAlreadyExists) std::abort();
}

Workload WaitingCall() {
  auto own = std::make_shared<Client>();
  return Calls([own] {
    Expect(own->client.connection()->RegisterPayload(own->payload, PayloadSecret(), own->options));
  });
}

Workload ThrowingCall() {
  auto own = std::make_shared<Client>();
  return Calls([own] {
    try {
      own->client.RegisterPayload(own->payload, PayloadSecret(), own->options);
    } catch (const PayloadAlreadyExistsError&) {
      return;
    }
    std::abort();
  });
}

Workload CallWithCallback() {
  auto own = std::make_shared<Client>();
  return Calls([own] {
    own->client.RegisterPayloadAsync(own->payload, PayloadSecret(), Expect, own->options);
  });
}

Workload CallWithMetadata() {
  auto own = std::make_shared<Client>();
  own->options.metadata.emplace_back("authorization", BearerToken());
  return Calls([own] {
    own->client.RegisterPayloadAsync(own->payload, PayloadSecret(), Expect, own->options);
  });
}

Workload CallWithFuture() {
  auto own = std::make_shared<Client>();
  return Calls([own] {
    try {
      own->client.RegisterPayloadFuture(own->payload, PayloadSecret(), own->options).get();
    } catch (const PayloadAlreadyExistsError&) {
      return;
    }
    std::abort();
  });
}

Workload TokenCall() {
  auto own = std::make_shared<Client>();
  return Calls([own] {
    const auto token = own->client.connection()->GetPayloadAuthToken(own->credentials, {});
    if (!token.ok()) std::abort();
  });
}

// Lets one interval pass, and with it one beat of each.
Workload Intervals(std::shared_ptr<VirtualRuntime> runtime, Duration interval,
                   std::shared_ptr<void> own) {
  return [runtime = std::move(runtime), interval, own = std::move(own)] {
    const SwitchCounting on(true);
    runtime->RunFor(interval);
    return static_cast<std::uint64_t>(kPayloads);
  };
}

Workload KeepAliveBeat() {
  struct Own {
    std::shared_ptr<VirtualRuntime> runtime = std::make_shared<VirtualRuntime>();
    std::shared_ptr<RobotConnection> connection = MakeConnection();
    std::vector<std::unique_ptr<PayloadRegistrationKeepAlive>> keep_alives;
  };
  auto own = std::make_shared<Own>();
  KeepAliveOptions options;
  options.runtime = own->runtime;
  for (const auto& payload : MakePayloads(kPayloads)) {
    own->keep_alives.push_back(std::make_unique<PayloadRegistrationKeepAlive>(
        own->connection, payload, PayloadSecret(), options));
    own->keep_alives.back()->Start();
  }
  own->runtime->RunFor(5 * options.interval + options.interval / 2);
  return Intervals(own->runtime, options.interval, own);
}

Workload SessionBeat() {
  struct Own {
    std::shared_ptr<VirtualRuntime> runtime = std::make_shared<VirtualRuntime>();
    std::shared_ptr<PayloadSessions> sessions =
        std::make_shared<PayloadSessions>(runtime, std::uint64_t{1});
  };
  auto own = std::make_shared<Own>();
  PacingOptions pacing;
  pacing.registration_calls_per_second = 10'000;
  pacing.auth_calls_per_second = 10'000;
  const RobotHandle robot = own->sessions->AddRobot("robot", MakeConnection(), pacing);
  SessionOptions options;
  options.token_check = std::chrono::hours(10'000);  // beats only
  options.token_renewal = std::chrono::hours(10'000);
  options.definition_check = std::chrono::hours(10'000);
  for (auto& payload : MakePayloads(kPayloads)) {
    const auto added =
        own->sessions->Add(robot, std::make_shared<const bosdyn::api::Payload>(std::move(payload)),
                           PayloadSecret(), options);
    if (!added.ok()) std::abort();
  }
  own->runtime->RunFor(5 * options.interval);
  // With ±10 % of jitter some beat twice in an interval and some not at all: over ten it evens out.
  return [own, run = Intervals(own->runtime, 10 * options.interval, own)] {
    const auto attempts = [&own] {
      std::uint64_t sum = 0;
      for (const auto& [id, snapshot] : own->sessions->Snapshots()) sum += snapshot.attempts;
      return sum;
    };
    const std::uint64_t before = attempts();
    run();
    return attempts() - before;
  };
}

}  // namespace

std::vector<std::pair<std::string, std::function<Workload()>>> Workloads() {
  return {{"call/waiting", &WaitingCall},       {"call/throwing", &ThrowingCall},
          {"call/callback", &CallWithCallback}, {"call/callback-with-token", &CallWithMetadata},
          {"call/future", &CallWithFuture},     {"call/token", &TokenCall},
          {"beat/keep-alive", &KeepAliveBeat},  {"beat/session", &SessionBeat}};
}

}  // namespace payload_manager::bench
