// Done in every fuzz target before the first input: quiet libraries, and no clean-up of OpenSSL's
// at the end, as in all our programs.
#include <google/protobuf/stubs/logging.h>
#include <openssl/crypto.h>

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}
