// Keeps gRPC running from before the first test until the process ends. Otherwise it shuts down
// after each test, on a thread of its own, which may still be at work when the process exits: what
// OpenSSL keeps per thread then looks like a leak.
#include <grpc/grpc.h>
#include <gtest/gtest.h>

// Read by LeakSanitizer where there is one. Debian's c-ares loses the name when it looks up
// `localhost`.
extern "C" const char* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() { return "leak:libcares.so\n"; }

namespace {

class GrpcForTheWholeRun : public testing::Environment {
 public:
  void SetUp() override { grpc_init(); }
};

[[maybe_unused]] const auto* const kEnvironment =
    testing::AddGlobalTestEnvironment(new GrpcForTheWholeRun);

}  // namespace
