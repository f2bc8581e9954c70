#include "payload_manager/base/outcome.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace payload_manager {
namespace {

Checked<int> Half(int number) {
  if (number % 2 != 0) return Failed{Problem{"odd"}};
  return number / 2;
}

TEST(Outcome, HoldsTheValueOfASuccess) {
  const auto half = Half(8);
  EXPECT_TRUE(half.ok());
  EXPECT_TRUE(static_cast<bool>(half));
  EXPECT_EQ(*half, 4);
  EXPECT_EQ(half.value(), 4);
}

TEST(Outcome, HoldsTheReasonOfAFailure) {
  const auto half = Half(7);
  EXPECT_FALSE(half.ok());
  EXPECT_FALSE(static_cast<bool>(half));
  EXPECT_EQ(half.error().message, "odd");
}

TEST(Outcome, GivesAwayAValueThatCanOnlyBeMoved) {
  BasicOutcome<std::unique_ptr<int>, Problem> made(std::make_unique<int>(3));
  const std::unique_ptr<int> taken = std::move(made).value();
  EXPECT_EQ(*taken, 3);
}

TEST(Outcome, LetsItsValueBeChangedInPlace) {
  Checked<std::string> text(std::string("ab"));
  text->append("c");
  *text += "d";
  EXPECT_EQ(text.value(), "abcd");
}

TEST(Outcome, TellsAValueFromAnErrorOfTheSameType) {
  const BasicOutcome<std::string, std::string> value(std::string("x"));
  const BasicOutcome<std::string, std::string> error(Failed{std::string("x")});
  EXPECT_TRUE(value.ok());
  EXPECT_FALSE(error.ok());
}

TEST(Outcome, TakesAnErrorThatConvertsToItsOwn) {
  const BasicOutcome<int, std::string> failed(Failed{"a literal"});
  EXPECT_EQ(failed.error(), "a literal");
}

#ifndef NDEBUG
TEST(OutcomeDeathTest, StopsWhoAsksForTheAlternativeThatIsNotThere) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto failed = Half(7);
  const auto good = Half(8);
  EXPECT_DEATH(static_cast<void>(failed.value()), "ok\\(\\)");
  EXPECT_DEATH(static_cast<void>(good.error()), "!ok\\(\\)");
}
#endif

}  // namespace
}  // namespace payload_manager
