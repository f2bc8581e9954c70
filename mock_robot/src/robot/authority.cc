#include "robot/authority.h"

#include <utility>

namespace mock_robot {

using bosdyn::api::GetAuthTokenRequest;
using bosdyn::api::GetAuthTokenResponse;
using payload_manager::Failed;
using payload_manager::Secret;

Authority::Authority(std::string robot, payload_manager::RandomSource& random,
                     const Assumptions& assumptions, const Secret& key)
    : robot_(std::move(robot)),
      token_beats_user_(assumptions.token_beats_user),
      tell_unknown_users_(assumptions.tell_unknown_users),
      key_(key),
      users_(random, assumptions) {}

void Authority::SetKey(const Secret& key) {
  key_ = key;
  signer_.reset();
}

const TokenSigner& Authority::Signer() const {
  if (!signer_) signer_.emplace(key_.empty() ? TokenSigner(robot_) : TokenSigner(robot_, key_));
  return *signer_;
}

Answer<TokenAnswer> Authority::GetToken(const GetAuthTokenRequest& request,
                                        const Registry& registry, RobotTime now) {
  const bool by_token = !TokenThatCounts(request).empty();
  if (!request.username().empty() && !by_token) {
    if (tell_unknown_users_ && !users_.Epoch(request.username())) {
      return Failed{InvalidRequest{"username is not known"}};
    }
    switch (users_.Login(request.username(), Secret(request.password()), now)) {
      case LoginResult::kLockedOut:
        return TokenAnswer{GetAuthTokenResponse::STATUS_TEMPORARILY_LOCKED_OUT, {}, {}};
      case LoginResult::kWrong:
        return TokenAnswer{GetAuthTokenResponse::STATUS_INVALID_LOGIN, {}, {}};
      case LoginResult::kOk:
        break;
    }
    const std::uint64_t epoch = users_.Epoch(request.username()).value_or(0);
    return TokenAnswer{GetAuthTokenResponse::STATUS_OK, Sign(TokenOwner::kUser, epoch, now), {}};
  }
  if (!request.password().empty() && !by_token) {
    return Failed{InvalidRequest{"username is empty although password is set"}};
  }
  if (request.token().empty()) {
    return Failed{InvalidRequest{"username and token are both empty"}};
  }
  const std::optional<TokenClaims> claims = Check(request.token(), registry, now);
  if (!claims) return TokenAnswer{GetAuthTokenResponse::STATUS_INVALID_TOKEN, {}, {}};
  return TokenAnswer{GetAuthTokenResponse::STATUS_OK, Sign(claims->owner, claims->epoch, now),
                     claims};
}

std::string_view Authority::TokenThatCounts(const GetAuthTokenRequest& request) const {
  const bool of_user = !request.username().empty() || !request.password().empty();
  return of_user && !token_beats_user_ ? std::string_view() : std::string_view(request.token());
}

Secret Authority::TokenFor(const TokenGrant& grant, RobotTime now) const {
  return Sign(TokenOwner::kPayload, grant.epoch, now);
}

std::optional<TokenClaims> Authority::Check(std::string_view token, const Registry& registry,
                                            RobotTime now) const {
  std::optional<TokenClaims> claims = Signer().Verify(token, now);
  if (!claims) return std::nullopt;
  const bool holds = claims->owner == TokenOwner::kUser ? users_.IsPresent(claims->epoch)
                                                        : registry.GrantHolds(claims->epoch);
  if (!holds) return std::nullopt;
  return claims;
}

Secret Authority::Sign(TokenOwner owner, std::uint64_t epoch, RobotTime now) const {
  return Signer().Sign({owner, epoch, now, now + kTokenLifetime});
}

}  // namespace mock_robot
