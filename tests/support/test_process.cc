// Done in every test program before main, as the programs' mains do it: OpenSSL does not clean up
// when the process ends, because gRPC's threads may still be reading from a TLS connection then,
// and would crash now and then.
#include <openssl/crypto.h>

namespace {

[[maybe_unused]] const int kNoCleanUp = OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);

}  // namespace
