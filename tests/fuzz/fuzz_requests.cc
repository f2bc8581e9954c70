// Any sequence of requests and of an administrator's doings, on a whole robot without sockets. It
// must survive, and what it told its store must be all that it knows.
//
// The input is a list of steps: what to do (one byte), with which token (one byte), the length of
// what follows (two bytes, little end first), and that many bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "auth/token.h"
#include "robot/robot.h"
#include "tests/support/manual_clock.h"

namespace {

namespace api = bosdyn::api;
using mock_robot::Changes;
using mock_robot::PayloadChange;
using mock_robot::Robot;
using payload_manager::Secret;

using Requests = std::tuple<
    std::pair<api::RegisterPayloadRequest, api::RegisterPayloadResponse>,
    std::pair<api::UpdatePayloadVersionRequest, api::UpdatePayloadVersionResponse>,
    std::pair<api::GetPayloadAuthTokenRequest, api::GetPayloadAuthTokenResponse>,
    std::pair<api::UpdatePayloadAttachedRequest, api::UpdatePayloadAttachedResponse>,
    std::pair<api::ListPayloadsRequest, api::ListPayloadsResponse>,
    std::pair<api::GetAuthTokenRequest, api::GetAuthTokenResponse>,
    std::pair<api::RobotIdRequest, api::RobotIdResponse>,
    std::pair<api::GetServiceEntryRequest, api::GetServiceEntryResponse>,
    std::pair<api::ListServiceEntriesRequest, api::ListServiceEntriesResponse>,
    std::pair<api::RegisterServiceRequest, api::RegisterServiceResponse>,
    std::pair<api::UnregisterServiceRequest, api::UnregisterServiceResponse>,
    std::pair<api::UpdateServiceRequest, api::UpdateServiceResponse>,
    std::pair<api::TriggerServiceFaultRequest, api::TriggerServiceFaultResponse>,
    std::pair<api::ClearServiceFaultRequest, api::ClearServiceFaultResponse>,
    std::pair<api::RobotStateRequest, api::RobotStateResponse>,
    std::pair<api::TimeSyncUpdateRequest, api::TimeSyncUpdateResponse>,
    std::pair<api::SendCurrentVersionInfoRequest, api::SendCurrentVersionInfoResponse>,
    std::pair<api::GetAvailableSoftwareUpdatesRequest, api::GetAvailableSoftwareUpdatesResponse>,
    std::pair<api::SendSoftwareUpdateStatusRequest, api::SendSoftwareUpdateStatusResponse>>;
constexpr std::size_t kRpcs = std::tuple_size_v<Requests>;

// What a state file would hold. Threads: the robot's writer, and whoever knows that it is idle.
struct Kept {
  std::map<std::uint64_t, mock_robot::PayloadRecord> payloads;
  std::uint64_t last_epoch = 0;
};
class MemoryStore final : public mock_robot::Store {
 public:
  explicit MemoryStore(Kept& kept) : kept_(kept) {}
  payload_manager::Checked<payload_manager::Done> Write(
      const std::vector<const Changes*>& batch) override {
    for (const Changes* changes : batch) {
      for (const PayloadChange& change : changes->payloads) {
        if (change.before) kept_.payloads.erase(change.before->ordinal);
        if (change.after) kept_.payloads.insert_or_assign(change.after->ordinal, *change.after);
      }
      kept_.last_epoch = changes->last_payload_epoch;
    }
    return payload_manager::Done{};
  }

 private:
  Kept& kept_;
};

class Session {
 public:
  explicit Session(Kept& kept) : robot_(Options(), State(kept)) {}

  void Do(std::uint8_t what, bool with_token, std::string_view bytes) {
    const std::size_t action = what % (kRpcs + 8);
    if (action < kRpcs) {
      Call(action, with_token ? token_ : std::string(), bytes, std::make_index_sequence<kRpcs>());
      return;
    }
    const std::size_t cut = bytes.find('/');
    const std::string_view guid = bytes.substr(0, cut);
    const std::string_view preset =
        cut == std::string_view::npos ? std::string_view() : bytes.substr(cut + 1);
    switch (action - kRpcs) {
      case 0:
        robot_.Authorize(guid, preset);
        break;
      case 1:
        robot_.Deauthorize(guid);
        break;
      case 2:
        robot_.Reject(guid);
        break;
      case 3:
        robot_.Forget(guid);
        break;
      case 4:
        robot_.Reboot();
        break;
      case 5:
        clock_.Advance(std::chrono::seconds(bytes.size() * bytes.size()));
        robot_.ClockMoved();
        break;
      case 6:
        robot_.ExpireTokens();
        break;
      default:
        robot_.Snapshot();
    }
  }

  // As ListPayloads shows them, once all that was done is kept.
  std::string Payloads() {
    mock_robot::Ticket until_kept;
    const mock_robot::RobotSnapshot snapshot = robot_.Snapshot(until_kept);
    robot_.Await(mock_robot::AdminOutcome{{}, until_kept});
    std::string text;
    for (const auto& info : snapshot.payloads) {
      text += info.payload.SerializeAsString() + info.preset_applied + "\n";
    }
    return text;
  }

 private:
  mock_robot::MockRobotOptions Options() {
    mock_robot::MockRobotOptions options;
    options.clock = &clock_;
    return options;
  }
  static mock_robot::OpenedState State(Kept& kept) {
    static const Secret key = mock_robot::TokenSigner::MakeKey();
    mock_robot::OpenedState state;
    state.store = std::make_unique<MemoryStore>(kept);
    state.kept.signing_key = key;
    for (const auto& [ordinal, record] : kept.payloads) {
      state.kept.registry.payloads.push_back(record);
    }
    state.kept.registry.last_epoch = kept.last_epoch;
    return state;
  }

  template <std::size_t... kIndex>
  void Call(std::size_t index, const std::string& token, std::string_view bytes,
            std::index_sequence<kIndex...>) {
    static_cast<void>(((index == kIndex && (CallOne<kIndex>(token, bytes), true)) || ...));
  }
  template <std::size_t kIndex>
  void CallOne(const std::string& token, std::string_view bytes) {
    std::tuple_element_t<kIndex, Requests> call;
    if (!call.first.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
    const mock_robot::CallStatus status = robot_.Serve(token, call.first, call.second);
    if (status == mock_robot::CallStatus::kOk && !call.second.has_header()) std::abort();
    static_cast<void>(call.second.SerializeAsString());
    if constexpr (requires { call.second.token(); }) {
      if (!call.second.token().empty()) token_ = call.second.token();
    }
  }

  payload_manager::testing::ManualClock clock_;
  std::string token_;
  Robot robot_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  Kept kept;
  std::string before;
  {
    Session session(kept);
    while (rest.size() >= 4) {
      const auto byte = [&rest](std::size_t i) { return static_cast<std::uint8_t>(rest[i]); };
      const std::size_t length = byte(2) | (static_cast<std::size_t>(byte(3)) << 8);
      const std::uint8_t what = byte(0);
      const bool with_token = byte(1) % 2 != 0;
      const std::string_view bytes = rest.substr(4, length);
      rest.remove_prefix(4 + bytes.size());
      session.Do(what, with_token, bytes);
    }
    before = session.Payloads();
  }
  if (Session(kept).Payloads() != before) {
    std::cerr << "what was kept is not what the robot knew\n";
    std::abort();
  }
  return 0;
}
