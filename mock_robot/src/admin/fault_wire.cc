#include "admin/fault_wire.h"

#include <string>
#include <utility>

#include "admin/wire_time.h"
#include "robot/rpcs.h"

namespace mock_robot {

using payload_manager::Checked;
using payload_manager::Duration;
using payload_manager::Failed;
using payload_manager::Problem;

namespace {

Failed<Problem> Wrong(const std::string& field, const std::string& what) {
  return Failed{Problem{field + ": " + what}};
}

Checked<Duration> Time(const char* field, const google::protobuf::Duration& wire) {
  const auto time = FromWire(wire);
  if (!time) return Wrong(field, "is malformed or longer than a hundred years");
  return *time;
}

Checked<fault::Answer> AnswerFromWire(const v1::ScriptedAnswer& wire, const std::string& name) {
  if (!wire.has_serialized()) return fault::Answer{.text = wire.text()};
  const Rpc* rpc = FindRpc(name);
  if (rpc == nullptr) return fault::Answer();  // the robot says so
  std::shared_ptr<google::protobuf::Message> response(rpc->response->New());
  if (!response->ParseFromString(wire.serialized())) {
    return Wrong("answer.serialized", "is no " + response->GetTypeName());
  }
  return fault::Answer{.response = std::move(response)};
}

Checked<FaultKind> KindFromWire(const v1::Fault& wire) {
  switch (wire.what_case()) {
    case v1::Fault::kLatency: {
      fault::Latency latency;
      const auto least = Time("latency.at_least", wire.latency().at_least());
      if (!least) return Failed{least.error()};
      const auto most = Time("latency.at_most", wire.latency().at_most());
      if (!most) return Failed{most.error()};
      latency.at_least = *least;
      latency.at_most = *most;
      if (wire.latency().shape() == v1::Latency::SHAPE_EXPONENTIAL) {
        latency.shape = fault::Latency::Shape::kExponential;
      } else if (wire.latency().shape() != v1::Latency::SHAPE_UNIFORM) {
        return Wrong("latency.shape", "is not known");
      }
      return FaultKind(latency);
    }
    case v1::Fault::kHang:
      return FaultKind(fault::Hang());
    case v1::Fault::kGrpcStatus:
      return FaultKind(fault::GrpcStatus{wire.grpc_status().code(), wire.grpc_status().message(),
                                         wire.grpc_status().details()});
    case v1::Fault::kTooManyRequests:
      return FaultKind(fault::TooManyRequests());
    case v1::Fault::kHeaderError:
      return FaultKind(
          fault::HeaderError{wire.header_error().code(), wire.header_error().message()});
    case v1::Fault::kUnsetHeader:
      return FaultKind(fault::UnsetHeader());
    case v1::Fault::kUnsetStatus:
      return FaultKind(fault::UnsetStatus());
    case v1::Fault::kStatus:
      return FaultKind(fault::Status{wire.status().status()});
    case v1::Fault::kReset:
      return FaultKind(fault::Reset());
    case v1::Fault::kAnswer: {
      auto answer = AnswerFromWire(wire.answer(), wire.calls().rpc());
      if (!answer) return Failed{answer.error()};
      return FaultKind(*std::move(answer));
    }
    case v1::Fault::kOffline:
      return FaultKind(fault::Offline());
    case v1::Fault::kClockSkew: {
      const auto ahead = Time("clock_skew.ahead", wire.clock_skew().ahead());
      if (!ahead) return Failed{ahead.error()};
      return FaultKind(fault::ClockSkew{*ahead});
    }
    case v1::Fault::kReboot: {
      const auto down = Time("reboot.down", wire.reboot().down());
      if (!down) return Failed{down.error()};
      return FaultKind(fault::Reboot{*down});
    }
    case v1::Fault::kExpireTokens:
      return FaultKind(fault::ExpireTokens());
    case v1::Fault::WHAT_NOT_SET:
      break;
  }
  return Wrong("what", "is missing: which kind of fault?");
}

// One overload per kind that has something to say.
struct KindToWire {
  v1::Fault& wire;

  void operator()(const fault::Latency& latency) const {
    auto& out = *wire.mutable_latency();
    ToWire(latency.at_least, *out.mutable_at_least());
    if (latency.at_most > latency.at_least) ToWire(latency.at_most, *out.mutable_at_most());
    if (latency.shape == fault::Latency::Shape::kExponential) {
      out.set_shape(v1::Latency::SHAPE_EXPONENTIAL);
    }
  }
  void operator()(const fault::Hang&) const { wire.mutable_hang(); }
  void operator()(const fault::GrpcStatus& status) const {
    auto& out = *wire.mutable_grpc_status();
    out.set_code(status.code);
    out.set_message(status.message);
    out.set_details(status.details);
  }
  void operator()(const fault::TooManyRequests&) const { wire.mutable_too_many_requests(); }
  void operator()(const fault::HeaderError& error) const {
    wire.mutable_header_error()->set_code(error.code);
    wire.mutable_header_error()->set_message(error.message);
  }
  void operator()(const fault::UnsetHeader&) const { wire.mutable_unset_header(); }
  void operator()(const fault::UnsetStatus&) const { wire.mutable_unset_status(); }
  void operator()(const fault::Status& status) const {
    wire.mutable_status()->set_status(status.status);
  }
  void operator()(const fault::Reset&) const { wire.mutable_reset(); }
  // What it answers may hold a token, so it is not told again.
  void operator()(const fault::Answer&) const { wire.mutable_answer(); }
  void operator()(const fault::Offline&) const { wire.mutable_offline(); }
  void operator()(const fault::ClockSkew& skew) const {
    ToWire(skew.ahead, *wire.mutable_clock_skew()->mutable_ahead());
  }
  void operator()(const fault::Reboot& reboot) const {
    ToWire(reboot.down, *wire.mutable_reboot()->mutable_down());
  }
  void operator()(const fault::ExpireTokens&) const { wire.mutable_expire_tokens(); }
};

}  // namespace

Checked<Fault> FromWire(const v1::Fault& wire) {
  Fault fault;
  fault.calls = {wire.calls().rpc(), wire.calls().guid(), wire.calls().client_name()};
  if (wire.has_times()) fault.times = wire.times();
  if (wire.has_lasts()) {
    const auto lasts = Time("lasts", wire.lasts());
    if (!lasts) return Failed{lasts.error()};
    fault.lasts = *lasts;
  }
  if (wire.has_probability()) fault.probability = wire.probability();
  fault.seed = wire.seed();
  switch (wire.effect()) {
    case v1::EFFECT_UNSPECIFIED:
      break;
    case v1::EFFECT_NONE:
      fault.effect = Effect::kNone;
      break;
    case v1::EFFECT_TAKEN:
      fault.effect = Effect::kTaken;
      break;
    default:
      return Wrong("effect", "is not known");
  }
  auto what = KindFromWire(wire);
  if (!what) return Failed{what.error()};
  fault.what = *std::move(what);
  return fault;
}

void ToWire(const FaultInfo& info, v1::FaultState& wire) {
  wire.set_id(info.id);
  wire.set_fired(info.fired);
  wire.set_held(info.held);
  wire.set_spent(info.spent);
  wire.set_kind(NameOf(info.fault.what));
  const Fault& fault = info.fault;
  v1::Fault& out = *wire.mutable_fault();
  out.mutable_calls()->set_rpc(fault.calls.rpc);
  out.mutable_calls()->set_guid(fault.calls.guid);
  out.mutable_calls()->set_client_name(fault.calls.client_name);
  if (fault.times) out.set_times(*fault.times);
  if (fault.lasts) ToWire(*fault.lasts, *out.mutable_lasts());
  if (fault.probability < 1) out.set_probability(fault.probability);
  out.set_seed(fault.seed);
  if (fault.effect == Effect::kNone) out.set_effect(v1::EFFECT_NONE);
  if (fault.effect == Effect::kTaken) out.set_effect(v1::EFFECT_TAKEN);
  std::visit(KindToWire{out}, fault.what);
}

}  // namespace mock_robot
