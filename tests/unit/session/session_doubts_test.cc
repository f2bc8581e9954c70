// What a session makes of beats that nobody heard of, and of credentials that are refused.
#include "tests/unit/session/session_machine_fixture.h"

namespace payload_manager {
namespace {

using std::chrono::seconds;
using testing::Definition;
using ::testing::ElementsAre;
using testing::Fault;
using ::testing::IsEmpty;
using testing::NoToken;
using testing::Refuses;
using testing::SessionMachineFixture;

class SessionDoubtsTest : public SessionMachineFixture {};

TEST_F(SessionDoubtsTest, DeauthorizationAfterALostBeatMayHaveBeenForgetting) {
  const auto reason = [this] {
    Token(NoToken(Kind::kPayloadNotAuthorized));
    std::string last;
    for (const SessionEffect& effect : machine_.TakeEffects()) {
      if (const auto* change = std::get_if<StateChange>(&effect)) last = change->reason;
    }
    return last;
  };
  BecomeAuthorized();
  BeginNext(CallKind::kRegister);  // forgotten, registered anew, and the answer is lost
  machine_.Lost(CallKind::kRegister, Fault(Kind::kConnectionLost));
  machine_.RobotUnreachable(Fault(Kind::kConnectionLost), now_);
  machine_.RobotReachable(now_);
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  EXPECT_EQ(reason(),
            "an administrator took the authorization back, or the robot had forgotten it and "
            "the answer to registering it anew was lost");
  Token(Secret("again"));
  EXPECT_EQ(reason(), "an administrator took the authorization back") << "the doubt is over";
}

// Its robot forgets it, the beat that registers it anew is not heard, and an administrator is
// quick.
TEST_F(SessionDoubtsTest, ATokenAfterALostBeatIsTakenAndTheDefinitionCompared) {
  for (const bool given_up : {false, true}) {
    BecomeAuthorized();
    auto attached = *Definition();
    attached.set_is_enabled(true);
    machine_.UpdateDefinition(Definition(), now_);
    List(attached);
    Effects();
    BeginNext(CallKind::kRegister);
    if (given_up) {
      machine_.GivenUp(CallKind::kRegister);
    } else {
      machine_.LostAlone(CallKind::kRegister, Fault(Kind::kTimedOut), now_);
    }
    Beat(Refuses(Kind::kPayloadAlreadyExists));
    BeginNext(CallKind::kToken);
    machine_.GotToken(Secret("anew"), now_);
    EXPECT_THAT(Effects(), ElementsAre("renewed anew")) << "the held one may be void";
    EXPECT_EQ(machine_.snapshot().attached, std::nullopt) << "it may be detached";
    EXPECT_EQ(Wanted(), CallKind::kList);
    List(*Definition());
    EXPECT_THAT(Effects(), ElementsAre("detached"));
    BeginNext(CallKind::kToken);
    machine_.GotToken(Secret("another"), now_);
    EXPECT_THAT(Effects(), IsEmpty()) << "the doubt is over";
    Beat(Done{});  // forgotten once more, for the next round
  }
}

TEST_F(SessionDoubtsTest, AKnownGuidAfterALostBeatMayBeKnownByOurSecret) {
  BecomeWaiting();
  Token(NoToken(Kind::kInvalidPayloadCredentials));
  BeginNext(CallKind::kRegister);
  machine_.GivenUp(CallKind::kRegister);
  Effects();
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  EXPECT_THAT(Effects(), IsEmpty()) << "the lost beat may have registered it";
  Token(NoToken(Kind::kPayloadNotAuthorized));
  EXPECT_EQ(machine_.state(), PayloadState::kWaiting);
  EXPECT_THAT(Effects(), IsEmpty());
}

TEST_F(SessionDoubtsTest, ATokenEndsTheDoubtWhetherTheGuidIsOurs) {
  for (const auto& proof :
       {NoToken(Kind::kPayloadNotAuthorized), Outcome<Secret>(Secret("ours"))}) {
    BecomeAuthorized();
    Token(NoToken(Kind::kInvalidPayloadCredentials));
    BeginNext(CallKind::kRegister);
    machine_.Registered(Refuses(Kind::kInternalServerError), now_);
    EXPECT_TRUE(machine_.Ask({CallKind::kAttach, 1}, now_));
    BeginNext(CallKind::kAttach);
    machine_.RequestAnswered(Refuses(Kind::kPayloadNotAuthorized), now_);
    Token(proof);  // before the next beat
    Beat(Refuses(Kind::kPayloadAlreadyExists));
    EXPECT_TRUE(IsRegistered(machine_.state())) << "it was ours, as the robot has shown";
    Beat(Done{});  // forgotten once more, for the next round
  }
}

TEST_F(SessionDoubtsTest, BeatsThatFailDoNotKeepTheTokenFromEndingTheDoubt) {
  for (const bool lost : {false, true}) {
    BecomeAuthorized();
    Token(NoToken(Kind::kInvalidPayloadCredentials));
    const TimePoint doubted = now_;
    while (BeginNext() == CallKind::kRegister && now_ - doubted < seconds(60)) {
      if (lost) {
        machine_.LostAlone(CallKind::kRegister, Fault(Kind::kTimedOut), now_);
      } else {
        machine_.Registered(Refuses(Kind::kInternalServerError), now_);
      }
    }
    EXPECT_LE(now_ - doubted, seconds(10));
    machine_.GotToken(Secret("anew"), now_);
    EXPECT_EQ(machine_.token().Reveal(), "anew");
    Beat(Done{});  // forgotten once more, for the next round
  }
}

TEST_F(SessionDoubtsTest, ABeatThatWasRefusedCastsNoDoubtOnTheToken) {
  BecomeAuthorized();
  Effects();
  Beat(Refuses(Kind::kPermissionDenied));
  BeginNext(CallKind::kToken);
  machine_.GotToken(Secret("another"), now_);
  EXPECT_THAT(Effects(), IsEmpty());
  EXPECT_NE(Wanted(), CallKind::kList);
}

TEST_F(SessionDoubtsTest, AThiefIsFoundThoughABeatWasLost) {
  BecomeWaiting();
  Token(NoToken(Kind::kInvalidPayloadCredentials));
  BeginNext(CallKind::kRegister);
  machine_.GivenUp(CallKind::kRegister);
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  Token(NoToken(Kind::kInvalidPayloadCredentials));
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  EXPECT_EQ(machine_.state(), PayloadState::kCredentialsRejected);
}

TEST_F(SessionDoubtsTest, AnOutageEndsTheDoubt) {
  BecomeAuthorized();
  Token(NoToken(Kind::kInvalidPayloadCredentials));
  machine_.RobotUnreachable(Fault(Kind::kUnableToConnect), now_);
  machine_.RobotReachable(now_);
  Beat(Refuses(Kind::kPayloadAlreadyExists));
  EXPECT_EQ(machine_.state(), PayloadState::kRegistering) << "the credentials are tried anew";
  EXPECT_EQ(Wanted(), CallKind::kToken);
}

}  // namespace
}  // namespace payload_manager
