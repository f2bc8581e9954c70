#include "manager/event_translator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace payload_manager {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = PluginEventKind;

std::vector<Kind> KindsOf(const std::vector<PluginEvent>& events) {
  std::vector<Kind> kinds;
  for (const PluginEvent& event : events) kinds.push_back(event.kind);
  return kinds;
}

std::vector<Kind> Change(const EventTranslator& translator, PayloadState before,
                         PayloadState after) {
  return KindsOf(translator.OnState({before, after, "why", {}}));
}

TEST(EventTranslator, ANewPayloadIsRegistered) {
  const EventTranslator translator(3);
  const auto events =
      translator.OnState({PayloadState::kRegistering, PayloadState::kWaiting, "why", {}});
  ASSERT_THAT(KindsOf(events), ElementsAre(Kind::kRegistered));
  EXPECT_EQ(events[0].payload, 3u);
  EXPECT_EQ(events[0].request_id, 0u);
}

TEST(EventTranslator, AuthorizationIsToldByItsTokenAndOnlyByThat) {
  const EventTranslator translator(0);
  EXPECT_THAT(Change(translator, PayloadState::kWaiting, PayloadState::kAuthorized), IsEmpty());
  const auto events = translator.OnToken(Secret("token"));
  ASSERT_THAT(KindsOf(events), ElementsAre(Kind::kAuthorized));
  EXPECT_EQ(events[0].token.Reveal(), "token");
}

TEST(EventTranslator, TakingTheAuthorizationBackIsToldByItself) {
  const EventTranslator translator(0);
  EXPECT_THAT(Change(translator, PayloadState::kAuthorized, PayloadState::kWaiting), IsEmpty());
  EXPECT_THAT(KindsOf(translator.OnDeauthorized()), ElementsAre(Kind::kDeauthorized));
}

TEST(EventTranslator, AfterAnOutageThePluginHearsThatTheRobotAnswersAgain) {
  const EventTranslator translator(0);
  const auto events =
      translator.OnState({PayloadState::kAuthorized, PayloadState::kUnreachable, "refused", {}});
  ASSERT_THAT(KindsOf(events), ElementsAre(Kind::kUnreachable));
  EXPECT_EQ(events[0].text, "refused");
  EXPECT_THAT(Change(translator, PayloadState::kUnreachable, PayloadState::kRegistering),
              IsEmpty());
  EXPECT_THAT(Change(translator, PayloadState::kRegistering, PayloadState::kAuthorized),
              ElementsAre(Kind::kRegistered));
}

TEST(EventTranslator, AForgottenPayloadIsRegisteredAnew) {
  const EventTranslator translator(0);
  EXPECT_THAT(KindsOf(translator.OnForgotten()), ElementsAre(Kind::kForgotten, Kind::kRegistered));
}

TEST(EventTranslator, RejectionIsAnErrorWithItsReason) {
  for (const auto state : {PayloadState::kCredentialsRejected, PayloadState::kDefinitionRejected}) {
    const EventTranslator translator(0);
    const auto events = translator.OnState({PayloadState::kRegistering, state, "stolen", {}});
    ASSERT_THAT(KindsOf(events), ElementsAre(Kind::kError));
    EXPECT_EQ(events[0].text, "stolen");
  }
}

TEST(EventTranslator, OnlyADefinitionThatDiffersIsTold) {
  const EventTranslator translator(0);
  const auto events = translator.OnDefinition({"name: x", "mass: y"});
  ASSERT_THAT(KindsOf(events), ElementsAre(Kind::kDefinitionDiffers));
  EXPECT_EQ(events[0].text, "name: x; mass: y");
  EXPECT_THAT(translator.OnDefinition({}), IsEmpty());
}

TEST(EventTranslator, AttachmentIsTold) {
  const EventTranslator translator(0);
  EXPECT_THAT(KindsOf(translator.OnAttached(true)), ElementsAre(Kind::kAttached));
  EXPECT_THAT(KindsOf(translator.OnAttached(false)), ElementsAre(Kind::kDetached));
}

TEST(EventTranslator, TheEndIsThePluginHostsToTell) {
  const EventTranslator translator(0);
  EXPECT_THAT(Change(translator, PayloadState::kAuthorized, PayloadState::kRemoved), IsEmpty());
}

}  // namespace
}  // namespace payload_manager
