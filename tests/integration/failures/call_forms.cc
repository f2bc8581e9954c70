#include "tests/integration/failures/call_forms.h"

#include <functional>
#include <future>
#include <optional>
#include <typeinfo>
#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "payload_manager/payload_registration_client.h"
#include "tests/support/awaited.h"

namespace payload_manager::testing {
namespace {

namespace api = bosdyn::api;

constexpr auto kNoFailure = static_cast<FailureKind>(-1);
Failure NoFailure() { return {kNoFailure, "it did not fail"}; }

template <typename T>
Failure FailureOf(Outcome<T> outcome) {
  return outcome.ok() ? NoFailure() : std::move(outcome).error();
}

// What the call throws.
Told Thrown(const std::string& form, const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return {form, error.failure(), ClassOf(error)};
  }
  return {form, NoFailure(), "nothing"};
}

Told Returned(const std::string& form, Failure failure) {
  std::string exception = Thrown(form, [&] { ThrowError(failure); }).exception;
  return {form, std::move(failure), std::move(exception)};
}

// The forms of one verb: of a connection, and, unless empty, of the documented client.
template <typename T>
struct Forms {
  std::function<Outcome<T>()> waiting;
  std::function<void(Completion<T>)> completion;
  std::function<void()> client;
  std::function<std::function<void()>()> future;  // starts the call; what that returns waits for it
};

template <typename T>
std::vector<Told> Make(const Forms<T>& forms, const Staged& staged) {
  const auto in_turn = [&](auto& future) {
    if (staged.one_at_a_time) future.wait();
  };
  auto waiting = std::async(std::launch::async, forms.waiting);
  in_turn(waiting);
  Awaited<T> awaited;
  forms.completion(awaited.completion());
  in_turn(awaited);
  std::optional<std::future<Told>> client;
  if (forms.client) {
    client = std::async(std::launch::async, [&forms] { return Thrown("client", forms.client); });
    in_turn(*client);
  }
  std::function<void()> future;
  if (forms.future) future = forms.future();
  staged.meanwhile(2 + (client.has_value() ? 1 : 0) + (future ? 1 : 0));
  std::vector<Told> told;
  told.push_back(Returned("waiting", FailureOf(waiting.get())));
  told.push_back(Returned("completion", FailureOf(awaited.Get())));
  if (client.has_value()) told.push_back(client->get());
  if (future) told.push_back(Thrown("future", future));
  return told;
}

// A future that can be copied into a function. A shared one, because it keeps the exception until
// it goes itself: a plain one lets go of it first and throws then, and which thread drops the
// exception last is counted in libstdc++, where ThreadSanitizer does not see it.
template <typename T>
std::function<void()> Waiting(std::future<T> future) {
  return [shared = future.share()] { shared.get(); };
}

}  // namespace

std::string ClassOf(const Error& error) {
  const std::type_info& type = typeid(error);
  if (type == typeid(Error)) return "Error";
  if (type == typeid(ResponseError)) return "ResponseError";
  if (type == typeid(InvalidPayloadCredentialsError)) return "InvalidPayloadCredentialsError";
  if (type == typeid(PayloadNotAuthorizedError)) return "PayloadNotAuthorizedError";
  if (type == typeid(PayloadAlreadyExistsError)) return "PayloadAlreadyExistsError";
  if (type == typeid(PayloadDoesNotExistError)) return "PayloadDoesNotExistError";
  if (type == typeid(AuthResponseError)) return "AuthResponseError";
  if (type == typeid(InvalidRequestError)) return "InvalidRequestError";
  if (type == typeid(InternalServerError)) return "InternalServerError";
  if (type == typeid(UnsetStatusError)) return "UnsetStatusError";
  if (type == typeid(RetryableRpcError)) return "RetryableRpcError";
  if (type == typeid(PersistentRpcError)) return "PersistentRpcError";
  if (type == typeid(RpcError)) return "RpcError";
  return "an undocumented exception";
}

std::string RpcOf(Verb verb) {
  switch (verb) {
    case Verb::kRegister:
      return "bosdyn.api.PayloadRegistrationService/RegisterPayload";
    case Verb::kVersion:
      return "bosdyn.api.PayloadRegistrationService/UpdatePayloadVersion";
    case Verb::kToken:
      return "bosdyn.api.PayloadRegistrationService/GetPayloadAuthToken";
    case Verb::kList:
      return "bosdyn.api.PayloadService/ListPayloads";
    case Verb::kRefresh:
    case Verb::kLogin:
      return "bosdyn.api.AuthService/GetAuthToken";
  }
  return {};
}

std::vector<Told> CallInEveryForm(Verb verb, const std::shared_ptr<RobotConnection>& connection,
                                  const Staged& staged) {
  const PayloadCredentials us{kScenarioGuid, Secret(kScenarioSecret)};
  const PayloadRegistrationClient client(connection);
  const CallOptions& options = staged.call;
  RobotConnection& robot = *connection;
  api::Payload payload;
  payload.set_guid(us.guid);
  payload.set_name("Payload of the scenario");
  switch (verb) {
    case Verb::kRegister: {
      const auto wait = [&] { return robot.RegisterPayload(payload, us.secret, options); };
      const auto start = [&](Completion<Done> done) {
        robot.RegisterPayloadAsync(payload, us.secret, options, std::move(done));
      };
      return Make<Done>(
          {wait, start, [&] { client.RegisterPayload(payload, us.secret, options); },
           [&] { return Waiting(client.RegisterPayloadFuture(payload, us.secret, options)); }},
          staged);
    }
    case Verb::kVersion: {
      const auto wait = [&] { return robot.UpdatePayloadVersion(us, {}, options); };
      const auto start = [&](Completion<Done> done) {
        robot.UpdatePayloadVersionAsync(us, {}, options, std::move(done));
      };
      return Make<Done>(
          {wait, start, [&] { client.UpdatePayloadVersion(us, {}, options); },
           [&] { return Waiting(client.UpdatePayloadVersionFuture(us, {}, options)); }},
          staged);
    }
    case Verb::kToken: {
      const auto wait = [&] { return robot.GetPayloadAuthToken(us, options); };
      const auto start = [&](Completion<Secret> done) {
        robot.GetPayloadAuthTokenAsync(us, options, std::move(done));
      };
      return Make<Secret>({wait, start, [&] { client.GetPayloadAuthToken(us, options); },
                           [&] { return Waiting(client.GetPayloadAuthTokenFuture(us, options)); }},
                          staged);
    }
    case Verb::kList: {
      const auto wait = [&] { return robot.ListPayloads({}, options); };
      const auto start = [&](Completion<api::ListPayloadsResponse> done) {
        robot.ListPayloadsAsync({}, options, std::move(done));
      };
      return Make<api::ListPayloadsResponse>(
          {wait, start, [&] { client.ListPayloads({}, options); },
           [&] { return Waiting(client.ListPayloadsFuture({}, options)); }},
          staged);
    }
    case Verb::kRefresh: {
      const Secret token("no-token-of-this-robot");
      return Make<Secret>({[&] { return robot.RefreshToken(token, options); },
                           [&](Completion<Secret> done) {
                             robot.RefreshTokenAsync(token, options, std::move(done));
                           },
                           {},
                           {}},
                          staged);
    }
    case Verb::kLogin: {
      const Secret password("the-right-password");
      return Make<Secret>({[&] { return robot.Authenticate("operator", password, options); },
                           [&](Completion<Secret> done) {
                             robot.AuthenticateAsync("operator", password, options,
                                                     std::move(done));
                           },
                           {},
                           {}},
                          staged);
    }
  }
  return {};
}

}  // namespace payload_manager::testing
