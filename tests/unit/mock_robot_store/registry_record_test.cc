// How a registry tells what changed, is restored and takes changes back.
#include "mock_robot/registry.h"
#include "registry/payload_record.h"
#include "registry/undo_log.h"

namespace mock_robot::testing {
namespace {

using bosdyn::api::Payload;
using bosdyn::api::UpdatePayloadAttachedRequest;
using payload_manager::Secret;
using std::chrono::hours;
using std::chrono::seconds;

class RegistryRecordTest : public ::testing::Test {
 protected:
  RegistryRecordTest() {
    registry_.Restore({}, now_);
    registry_.UndoBy(log_);
  }

  static Payload Definition(const std::string& guid) {
    Payload payload;
    payload.set_guid(guid);
    payload.set_name("payload " + guid);
    payload.set_liveness_timeout_secs(30);
    auto& preset = *payload.add_preset_configurations();
    preset.set_preset_name("rear");
    preset.set_description("at the back");
    return payload;
  }
  void Register(const std::string& guid) {
    ASSERT_TRUE(registry_.Register(Definition(guid), Secret("secret of " + guid), now_).ok());
  }
  void Attach(const std::string& guid) {
    const Credentials credentials{guid, Secret("secret of " + guid)};
    EXPECT_TRUE(
        registry_.UpdateAttached(credentials, UpdatePayloadAttachedRequest::REQUEST_ATTACH, now_)
            .ok());
  }
  std::vector<std::string> Seen() const { return Texts(registry_); }
  static std::vector<std::string> Texts(const Registry& registry) {
    std::vector<std::string> texts;
    for (const Payload& payload : registry.List()) texts.push_back(payload.ShortDebugString());
    return texts;
  }
  // A registry that starts with what the changes so far say.
  RegistryRecord Kept() {
    for (PayloadChange& change : registry_.TakeChanges()) {
      if (change.before) records_.erase(change.before->ordinal);
      if (change.after) records_.insert_or_assign(change.after->ordinal, *change.after);
    }
    RegistryRecord kept;
    for (const auto& [ordinal, record] : records_) kept.payloads.push_back(record);
    kept.last_epoch = registry_.last_epoch();
    return kept;
  }

  // What was done so far lasts.
  void Keep() {
    registry_.TakeChanges();
    log_.HangOn(0, 0);
  }
  void TakeBack(const std::vector<PayloadChange>& changes) {
    log_.HangOn(1, 0);
    for (const PayloadChange& change : changes) {
      registry_.PutBack(change.guid, change.before, now_);
    }
    log_.Undo(0);
  }

  RobotTime now_{hours(1)};
  UndoLog log_;
  Registry registry_;
  std::map<std::uint64_t, PayloadRecord> records_;
};

TEST_F(RegistryRecordTest, NotesEachChangedPayloadOnceAndNoHeartbeat) {
  Register("a");
  registry_.Authorize("A", "rear", now_);
  std::vector<PayloadChange> changes = registry_.TakeChanges();
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].guid, "a");
  EXPECT_FALSE(changes[0].before);
  ASSERT_TRUE(changes[0].after);
  EXPECT_TRUE(changes[0].after->authorized);
  EXPECT_EQ(changes[0].after->preset_applied, "rear");

  Register("a");
  EXPECT_TRUE(registry_.TakeChanges().empty());
  registry_.Authorize("unknown", {}, now_);
  registry_.GrantToken({"a", Secret("secret of a")}, now_);
  EXPECT_TRUE(registry_.TakeChanges().empty());

  registry_.Forget("a", now_);
  changes = registry_.TakeChanges();
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_TRUE(changes[0].before);
  EXPECT_FALSE(changes[0].after);
}

TEST_F(RegistryRecordTest, RestoresEverythingThatIsSeenAndTheSecrets) {
  Register("a");
  Register("B");
  Register("c");
  registry_.Authorize("b", "rear", now_);
  Attach("B");
  bosdyn::api::SoftwareVersion version;
  version.set_major_version(7);
  registry_.UpdateVersion({"a", Secret("secret of a")}, version, now_);
  registry_.Authorize("c", {}, now_);
  registry_.Deauthorize("c", now_);
  const TokenGrant grant = registry_.GrantToken({"b", Secret("secret of B")}, now_);

  Registry again;
  again.Restore(Kept(), now_ + hours(1));
  EXPECT_EQ(Texts(again), Seen());
  EXPECT_EQ(again.Describe()[1].preset_applied, "rear");
  EXPECT_EQ(again.Describe()[0].warnings, registry_.Describe()[0].warnings);
  EXPECT_EQ(again.Describe()[0].first_registered, now_);
  EXPECT_TRUE(again.GrantHolds(grant.epoch));
  EXPECT_EQ(again.GrantToken({"b", Secret("wrong")}, now_ + hours(1)).status,
            bosdyn::api::GetPayloadAuthTokenResponse::STATUS_INVALID_CREDENTIALS);
  // Only the waiting ones have a fault, raised afresh as by a reboot; all are watched.
  EXPECT_EQ(again.ActiveFaults(now_ + hours(1)).size(), 2u);
  EXPECT_EQ(again.ActiveFaults(now_ + hours(1))[0].duration().seconds(), 0);
  again.Advance(now_ + hours(1) + seconds(30));
  EXPECT_EQ(again.ActiveFaults(now_ + hours(1) + seconds(30)).size(), 5u);
}

TEST_F(RegistryRecordTest, NeverGivesTheEpochOfAForgottenPayloadAgain) {
  Register("a");
  registry_.Authorize("a", {}, now_);
  const TokenGrant grant = registry_.GrantToken({"a", Secret("secret of a")}, now_);
  registry_.Forget("a", now_);
  Registry again;
  again.Restore(Kept(), now_);
  ASSERT_TRUE(again.Register(Definition("a"), Secret("secret of a"), now_).ok());
  again.Authorize("a", {}, now_);
  EXPECT_FALSE(again.GrantHolds(grant.epoch));
}

TEST_F(RegistryRecordTest, AGrantHoldsAgainOnceWhatEndedItIsTakenBack) {
  Register("a");
  Register("b");
  registry_.Authorize("a", {}, now_);
  registry_.Authorize("b", {}, now_);
  const auto grant = [this](const std::string& guid) {
    return registry_.GrantToken({guid, Secret("secret of " + guid)}, now_).epoch;
  };
  const std::uint64_t of_a = grant("a");
  const std::uint64_t of_b = grant("b");
  registry_.TakeChanges();
  registry_.Deauthorize("a", now_);
  registry_.Authorize("a", {}, now_);
  registry_.Forget("b", now_);
  const std::uint64_t later = grant("a");
  EXPECT_FALSE(registry_.HolderOf(of_a));
  EXPECT_FALSE(registry_.HolderOf(of_b));
  EXPECT_EQ(registry_.HolderOf(later), "a");
  for (const PayloadChange& change : registry_.TakeChanges()) {
    registry_.PutBack(change.guid, change.before, now_);
  }
  EXPECT_EQ(registry_.HolderOf(of_a), "a");
  EXPECT_EQ(registry_.HolderOf(of_b), "b");
  EXPECT_FALSE(registry_.HolderOf(later));
}

TEST_F(RegistryRecordTest, AuthorizesByItselfAfterARestartWhatWasDueLater) {
  RegistryOptions options;
  options.auto_authorize = hours(2);
  Registry first(options);
  first.Restore({}, now_);
  ASSERT_TRUE(first.Register(Definition("a"), Secret("s"), now_).ok());
  RegistryRecord kept;
  kept.payloads.push_back(*first.TakeChanges()[0].after);
  kept.last_epoch = first.last_epoch();
  Registry again(options);
  again.Restore(kept, now_ + hours(1));
  EXPECT_FALSE(again.List()[0].is_authorized());
  again.Advance(now_ + hours(2));
  EXPECT_TRUE(again.List()[0].is_authorized());
  EXPECT_EQ(again.TakeChanges().size(), 1u);
}

TEST_F(RegistryRecordTest, AuthorizesByItselfAsTheOptionsOfTheRestartSay) {
  RegistryOptions options;
  options.auto_authorize = hours(2);
  // What was kept with the option and without it.
  Registry first(options);
  first.Restore({}, now_);
  ASSERT_TRUE(first.Register(Definition("a"), Secret("s"), now_).ok());
  Register("b");
  Register("c");
  registry_.Authorize("c", {}, now_);
  registry_.Deauthorize("c", now_);
  RegistryRecord with;
  with.payloads.push_back(*first.TakeChanges()[0].after);
  with.last_epoch = first.last_epoch();
  const RegistryRecord without = Kept();

  Registry never;
  never.Restore(with, now_);
  EXPECT_EQ(never.NextChange(), now_ + seconds(30));  // when it falls silent
  never.Advance(now_ + hours(1000));
  EXPECT_FALSE(never.List()[0].is_authorized());

  Registry later(options);
  later.Restore(without, now_ + hours(1));
  later.Advance(now_ + hours(2) - seconds(1));
  EXPECT_FALSE(later.List()[0].is_authorized());
  later.Advance(now_ + hours(2));
  EXPECT_TRUE(later.List()[0].is_authorized());
  later.Advance(now_ + hours(1000));
  EXPECT_FALSE(later.List()[1].is_authorized());  // that an administrator has de-authorized
}

TEST_F(RegistryRecordTest, KeepsDefinitionsWithoutClaimedFlagsAndWithTheirKey) {
  Assumptions assumptions;
  ASSERT_TRUE(Assume("ignore-claimed-flags=yes", assumptions).ok());
  Registry registry({}, assumptions);
  registry.Restore({}, now_);
  std::vector<Payload> given(3, Definition("a"));
  given[0].set_is_authorized(true);
  given[1].set_guid("b");
  given[1].set_is_enabled(true);
  given[2].set_guid("C");
  for (const Payload& payload : given) {
    ASSERT_TRUE(registry.Register(payload, Secret("s"), now_).ok());
  }
  const std::vector<PayloadChange> changes = registry.TakeChanges();
  ASSERT_EQ(changes.size(), 3u);
  const std::vector<std::string> keys{"a", "b", "c"};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Payload expected = given[i];
    expected.set_guid(keys[i]);
    expected.clear_is_authorized();
    expected.clear_is_enabled();
    EXPECT_EQ(changes[i].after->guid, keys[i]);
    EXPECT_EQ(changes[i].after->definition, expected.SerializeAsString()) << keys[i];
  }
}

TEST_F(RegistryRecordTest, TurnsToLowerCaseWhatWasKeptAsItCame) {
  Assumptions assumptions;
  ASSERT_TRUE(Assume("guids-ignore-case=no", assumptions).ok());
  Registry exact({}, assumptions);
  exact.Restore({}, now_);
  ASSERT_TRUE(exact.Register(Definition("Ab"), Secret("s"), now_).ok());
  RegistryRecord kept;
  kept.payloads.push_back(*exact.TakeChanges()[0].after);
  kept.last_epoch = exact.last_epoch();

  ASSERT_TRUE(CheckGuids(kept, {}).ok());
  registry_.Restore(kept, now_);
  EXPECT_EQ(registry_.List()[0].guid(), "ab");
  Keep();
  EXPECT_TRUE(registry_.Authorize("aB", {}, now_).ok());
  const std::vector<PayloadChange> changes = registry_.TakeChanges();
  ASSERT_EQ(changes.size(), 1u);
  ASSERT_TRUE(changes[0].before && changes[0].after);
  EXPECT_EQ(changes[0].after->guid, "ab");
  EXPECT_EQ(changes[0].after->ordinal, kept.payloads[0].ordinal);  // the row of the file
  TakeBack(changes);
  EXPECT_FALSE(registry_.List()[0].is_authorized());
  EXPECT_TRUE(registry_.Forget("AB", now_).ok());
  EXPECT_TRUE(registry_.List().empty());

  ASSERT_TRUE(exact.Register(Definition("aB"), Secret("s"), now_).ok());
  kept.payloads.push_back(*exact.TakeChanges()[0].after);
  EXPECT_TRUE(CheckGuids(kept, assumptions).ok());
  const auto refused = CheckGuids(kept, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message,
            "holds two payloads with the GUID ab that differ in case only: start with --assume "
            "guids-ignore-case=no");
}

TEST_F(RegistryRecordTest, PutsEveryKindOfChangeBack) {
  Register("a");
  Register("b");
  Register("c");
  registry_.Authorize("b", "rear", now_);
  Keep();
  const std::vector<std::string> before = Seen();
  bosdyn::api::SoftwareVersion version;
  version.set_major_version(7);
  const Credentials b{"b", Secret("secret of b")};
  const std::vector<std::function<void()>> all{[&] { Register("d"); },
                                               [&] { registry_.Authorize("a", {}, now_); },
                                               [&] { registry_.Authorize("b", {}, now_); },
                                               [&] { registry_.Deauthorize("b", now_); },
                                               [&] { registry_.Reject("a", now_); },
                                               [&] { registry_.Forget("b", now_); },
                                               [&] { registry_.UpdateVersion(b, version, now_); },
                                               [&] { Attach("b"); }};
  for (std::size_t i = 0; i < all.size(); ++i) {
    SCOPED_TRACE(i);
    all[i]();
    EXPECT_NE(Seen(), before);
    TakeBack(registry_.TakeChanges());
    EXPECT_EQ(Seen(), before);
    EXPECT_TRUE(registry_.TakeChanges().empty());
    EXPECT_EQ(registry_.GrantToken(b, now_).status,
              bosdyn::api::GetPayloadAuthTokenResponse::STATUS_OK);
  }
}

TEST_F(RegistryRecordTest, KeepsWhatItHeardOfAPayloadWhoseChangeIsTakenBack) {
  Register("a");
  Keep();
  registry_.Authorize("a", {}, now_);
  const std::vector<PayloadChange> changes = registry_.TakeChanges();
  now_ += seconds(20);
  Register("a");
  TakeBack(changes);
  EXPECT_EQ(registry_.Describe()[0].registrations, 2u);
  registry_.Advance(now_ + seconds(29));
  EXPECT_EQ(registry_.ActiveFaults(now_ + seconds(29)).size(), 1u);
}

TEST_F(RegistryRecordTest, NotesNothingUntilItIsAskedTo) {
  Registry registry;
  ASSERT_TRUE(registry.Register(Definition("a"), Secret("s"), now_).ok());
  EXPECT_TRUE(registry.TakeChanges().empty());
}

}  // namespace
}  // namespace mock_robot::testing
