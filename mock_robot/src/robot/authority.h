// Who gets a token and whose token is good: users by password, anyone by a token to be renewed,
// payloads by what the registry granted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/token.h"
#include "auth/users.h"
#include "bosdyn/api/auth.pb.h"
#include "mock_robot/registry.h"

namespace mock_robot {

struct TokenAnswer {
  bosdyn::api::GetAuthTokenResponse::Status status;
  payload_manager::Secret token;       // only with STATUS_OK
  std::optional<TokenClaims> renewed;  // of the token that was renewed, if one was
};

// Threads: none of its own and no locks; one caller at a time. The registry passed in says whether
// a payload's authorization still holds.
class Authority {
 public:
  // Without a key (of TokenSigner::MakeKey) it makes one of its own.
  Authority(std::string robot, payload_manager::RandomSource& random,
            const Assumptions& assumptions = {}, const payload_manager::Secret& key = {});

  UserTable& users() { return users_; }

  // The whole rule of GetAuthToken. With a user name the password decides, whatever else is there
  // (unless assumed otherwise).
  Answer<TokenAnswer> GetToken(const bosdyn::api::GetAuthTokenRequest& request,
                               const Registry& registry, RobotTime now);

  // The token that decides, as far as the request goes; empty if a password does.
  std::string_view TokenThatCounts(const bosdyn::api::GetAuthTokenRequest& request) const;

  // A payload's first token; `grant` must be one with STATUS_OK.
  payload_manager::Secret TokenFor(const TokenGrant& grant, RobotTime now) const;

  // Whose token it is; nothing if it opens no door now.
  std::optional<TokenClaims> Check(std::string_view token, const Registry& registry,
                                   RobotTime now) const;

  // Signs with this key from here on, with a new one if it is empty. No token that another key has
  // signed is good then.
  void SetKey(const payload_manager::Secret& key);

 private:
  payload_manager::Secret Sign(TokenOwner owner, std::uint64_t epoch, RobotTime now) const;
  // Made when it is needed first: a robot that is asked for no token does without OpenSSL's
  // providers, two megabytes of them.
  const TokenSigner& Signer() const;

  const std::string robot_;
  const bool token_beats_user_;
  const bool tell_unknown_users_;
  payload_manager::Secret key_;  // empty: the signer makes its own
  mutable std::optional<TokenSigner> signer_;
  UserTable users_;
};

}  // namespace mock_robot
