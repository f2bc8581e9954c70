#include "payload_manager/base/secret.h"

#include <gtest/gtest.h>

#include <concepts>
#include <ostream>
#include <string>
#include <utility>

namespace payload_manager {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(Printable<std::string>);
static_assert(!Printable<Secret>, "a secret must not get into a log by accident");
static_assert(!std::convertible_to<Secret, std::string>);
static_assert(!std::convertible_to<std::string, Secret>);

const std::string kShort = "pass";  // fits into the string object itself
const std::string kLong(200, 'x');  // lies on the heap

TEST(Secret, RevealsWhatItWasMadeOf) {
  EXPECT_EQ(Secret("a b").Reveal(), "a b");
  EXPECT_EQ(Secret("a b").size(), 3u);
  EXPECT_FALSE(Secret("a b").empty());
}

TEST(Secret, IsEmptyUnlessGivenSomething) {
  EXPECT_TRUE(Secret().empty());
  EXPECT_EQ(Secret().size(), 0u);
  EXPECT_EQ(Secret().Reveal(), "");
}

TEST(Secret, IsEmptyAfterItWasMovedFrom) {
  for (const std::string& text : {kShort, kLong}) {
    Secret from(text);
    const Secret to(std::move(from));
    EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): what remains is the subject
    EXPECT_EQ(to.Reveal(), text);
  }
}

TEST(Secret, IsEmptyAfterItWasMoveAssignedFrom) {
  for (const std::string& text : {kShort, kLong}) {
    Secret from(text);
    Secret to("what was here before");
    to = std::move(from);
    EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): what remains is the subject
    EXPECT_EQ(to.Reveal(), text);
  }
}

TEST(Secret, LeavesNoShortSecretBehindInTheObjectItWasMovedFrom) {
  Secret from(kShort);
  const char* place = from.Reveal().data();  // inside `from`: short strings are not on the heap
  const Secret to(std::move(from));
  // The move itself ends the string at its first character; the others are for Secret to wipe.
  for (std::size_t i = 1; i < kShort.size(); ++i) EXPECT_NE(place[i], kShort[i]) << i;
}

TEST(Secret, CopiesStandOnTheirOwn) {
  Secret original(kLong);
  const Secret copy(original);
  Secret assigned("other");
  assigned = original;
  original = Secret("changed");
  EXPECT_EQ(copy.Reveal(), kLong);
  EXPECT_EQ(assigned.Reveal(), kLong);
  EXPECT_EQ(original.Reveal(), "changed");
}

TEST(Secret, SurvivesAssignmentToItself) {
  Secret secret(kLong);
  Secret& same = secret;
  secret = same;
  EXPECT_EQ(secret.Reveal(), kLong);
  secret = std::move(same);
  EXPECT_EQ(secret.Reveal(), kLong);
}

TEST(Secret, IsEqualOnlyToTheSameCharacters) {
  EXPECT_TRUE(Secret("abc") == Secret("abc"));
  EXPECT_TRUE(Secret() == Secret(""));
  EXPECT_FALSE(Secret("abc") == Secret("abd"));
  EXPECT_FALSE(Secret("abc") == Secret("xbc"));
  EXPECT_FALSE(Secret("abc") == Secret("ab"));
  EXPECT_FALSE(Secret("abc") == Secret("ABC"));
  EXPECT_FALSE(Secret("abc") == Secret());
}

TEST(Secret, ComparesPastAZeroByte) {
  using std::string_view_literals::operator""sv;
  EXPECT_FALSE(Secret::ConstantTimeEquals("a\0b"sv, "a\0c"sv));
  EXPECT_TRUE(Secret::ConstantTimeEquals("a\0b"sv, "a\0b"sv));
}

}  // namespace
}  // namespace payload_manager
