#include "services/grpc_server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/service_type.h>

#include <utility>
#include <vector>

#include "admin/admin_service.h"
#include "identity/tls_identity.h"
#include "robot/robot.h"
#include "services/listener.h"
#include "services/sent_bytes.h"
#include "services/services.h"
#include "services/unknown_rpcs.h"

namespace mock_robot {
namespace {

using payload_manager::Checked;
using payload_manager::Failed;
using payload_manager::Problem;
using Acceptor = grpc::experimental::ExternalConnectionAcceptor;

struct Services {
  std::vector<std::unique_ptr<grpc::Service>> known;
  std::unique_ptr<grpc::CallbackGenericService> unknown;  // may be null
  int largest_request_bytes = kLargestRequestBytes;
};

// Member order matters: the server goes before what it serves.
class Server final : public GrpcServer {
 public:
  Server(Services services, std::shared_ptr<Acceptor> acceptor,
         std::unique_ptr<grpc::Server> server)
      : services_(std::move(services)),
        acceptor_(std::move(acceptor)),
        server_(std::move(server)) {}
  ~Server() override { Stop(std::chrono::nanoseconds(0)); }

  void Stop(std::chrono::nanoseconds grace) override {
    if (std::exchange(stopped_, true)) return;
    server_->Shutdown(std::chrono::system_clock::now() + grace);
    server_->Wait();
  }

 private:
  Services services_;
  std::shared_ptr<Acceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
  bool stopped_ = false;
};

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const TlsIdentity* identity) {
  if (identity == nullptr) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back(
      {std::string(identity->key_pem.Reveal()), identity->certificate_pem});
  return grpc::SslServerCredentials(options);
}

Checked<std::unique_ptr<GrpcServer>> Start(Services services, Listener& listener,
                                           std::shared_ptr<grpc::ServerCredentials> credentials,
                                           Listener::CountChanged count_changed) {
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(services.largest_request_bytes);
  // The real C++ client pings every five seconds, calls or not; gRPC's default would hang up.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 1000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  for (const auto& service : services.known) builder.RegisterService(service.get());
  if (services.unknown) builder.RegisterCallbackGenericService(services.unknown.get());
  using From = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  std::shared_ptr<Acceptor> acceptor =
      builder.experimental().AddExternalConnectionAcceptor(From::FROM_FD, std::move(credentials));
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server) {
    return Failed{Problem{listener.address().ToString() + ": gRPC cannot start a server"}};
  }
  const auto take = [acceptor](int fd) {
    Acceptor::NewConnectionParameters connection;
    connection.fd = fd;
    acceptor->HandleNewConnection(&connection);
  };
  listener.Start(take, std::move(count_changed));
  return std::unique_ptr<GrpcServer>(
      std::make_unique<Server>(std::move(services), std::move(acceptor), std::move(server)));
}

}  // namespace

Checked<std::unique_ptr<GrpcServer>> StartRobotServer(Robot& robot, Listener& listener,
                                                      const TlsIdentity* identity) {
  Services services;
  services.known = MakeRobotServices(robot);
  services.unknown = MakeUnknownRpcs(robot);
  services.largest_request_bytes = kLargestNotedRequestBytes;
  return Start(std::move(services), listener, CredentialsOf(identity),
               [&robot](std::size_t open) { robot.SetConnections(open); });
}

Checked<std::unique_ptr<GrpcServer>> StartAdminServer(Robot& robot, Listener& listener) {
  Services services;
  services.known.push_back(MakeAdminService(robot));
  services.known.push_back(MakeSoftwareAdminService(robot));
  services.known.push_back(MakeFaultAdmin(robot));
  services.known.push_back(MakeJournalAdmin(robot));
  return Start(std::move(services), listener, CredentialsOf(nullptr), [](std::size_t) {});
}

}  // namespace mock_robot
