// The tokens a robot hands out: JWTs signed with the robot's own ECDSA key.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "payload_manager/base/clock.h"
#include "payload_manager/base/secret.h"

typedef struct evp_pkey_st EVP_PKEY;

namespace mock_robot {

enum class TokenOwner { kUser, kPayload };

// What a token says. `epoch` names one password of one user, or one authorization of one payload.
// It stands in for their names, which may have any length: a token must fit into the metadata of a
// call.
struct TokenClaims {
  TokenOwner owner = TokenOwner::kUser;
  std::uint64_t epoch = 0;
  payload_manager::WallTime issued;
  payload_manager::WallTime expires;
};

inline constexpr std::chrono::hours kTokenLifetime{12};

// Makes and recognises the tokens of one robot. A signer that is given no key makes one of its own,
// so no two robots, not even of one serial number, accept each other's tokens.
//
// `now` and the times in the claims are robot time.
//
// Threads: like any value that does not change; all members may be called from any thread.
class TokenSigner {
 public:
  // `robot` is the serial number: issuer and audience of every token.
  explicit TokenSigner(std::string robot);
  // With a key of MakeKey, so that what one signer signed another one with it accepts.
  TokenSigner(std::string robot, const payload_manager::Secret& key);
  ~TokenSigner();
  TokenSigner(TokenSigner&&) noexcept;

  // A new private key (DER), and whether something is one.
  static payload_manager::Secret MakeKey();
  static bool IsKey(const payload_manager::Secret& key);

  // Times are kept in whole seconds.
  payload_manager::Secret Sign(const TokenClaims& claims) const;

  // What `token` says if this signer signed it and it has not expired at `now`; nothing for
  // anything else, whatever the bytes.
  std::optional<TokenClaims> Verify(std::string_view token, payload_manager::WallTime now) const;

 private:
  struct FreeKey {
    void operator()(EVP_PKEY* key) const;
  };
  using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
  TokenSigner(std::string robot, Key key);
  static Key Read(const payload_manager::Secret& key);  // null if it is none

  std::string robot_;
  Key key_;
  std::size_t longest_;  // no token of ours has more characters
};

}  // namespace mock_robot
