#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/bench/harness/compare.h"
#include "tests/bench/harness/figure.h"
#include "tests/bench/harness/statistics.h"

namespace payload_manager::bench {
namespace {

Figure WithRatio(double ratio, Target target, std::optional<double> spread = std::nullopt) {
  Figure figure;
  figure.name = "a/b";
  figure.ours = ratio * 10;
  figure.bare = 10;
  figure.spread = spread;
  figure.target = target;
  return figure;
}

TEST(Figure, MeetsItsTargetUpToTheLimit) {
  EXPECT_EQ(VerdictOf(WithRatio(1.03, RatioAtMost(1.03))), Verdict::kMet);
  EXPECT_EQ(VerdictOf(WithRatio(1.04, RatioAtMost(1.03))), Verdict::kMissed);
  EXPECT_EQ(VerdictOf(WithRatio(0.95, RatioAtLeast(0.95))), Verdict::kMet);
  EXPECT_EQ(VerdictOf(WithRatio(0.94, RatioAtLeast(0.95))), Verdict::kMissed);
}

TEST(Figure, IsMissedOnlyBeyondWhatIdenticalArmsDiffer) {
  EXPECT_EQ(VerdictOf(WithRatio(1.04, RatioAtMost(1.03), 0.015)), Verdict::kWithinSpread);
  EXPECT_EQ(VerdictOf(WithRatio(1.05, RatioAtMost(1.03), 0.015)), Verdict::kMissed);
  EXPECT_EQ(VerdictOf(WithRatio(0.94, RatioAtLeast(0.95), 0.015)), Verdict::kWithinSpread);
  EXPECT_EQ(VerdictOf(WithRatio(0.93, RatioAtLeast(0.95), 0.015)), Verdict::kMissed);
}

TEST(Figure, ATargetForTheFigureItselfNeedsNothingBare) {
  Figure figure = WithRatio(1, AtMost(3));
  figure.bare.reset();
  figure.ours = 3;
  EXPECT_EQ(VerdictOf(figure), Verdict::kMet);
  figure.ours = 4;
  EXPECT_EQ(VerdictOf(figure), Verdict::kMissed);
}

TEST(Figure, WithoutATargetOrABareSideThereIsNoVerdict) {
  Figure figure = WithRatio(2, RatioAtMost(1));
  figure.bare.reset();
  EXPECT_EQ(VerdictOf(figure), Verdict::kNone);
  figure = WithRatio(2, RatioAtMost(1));
  figure.target.reset();
  EXPECT_EQ(VerdictOf(figure), Verdict::kNone);
}

TEST(Figure, IsOneLineOfJson) {
  const auto line = nlohmann::json::parse(ToJson(WithRatio(2, RatioAtMost(1.5), 0.25)));
  EXPECT_EQ(line["name"], "a/b");
  EXPECT_EQ(line["ours"], 20);
  EXPECT_EQ(line["bare"], 10);
  EXPECT_EQ(line["ratio"], 2);
  EXPECT_EQ(line["spread"], 0.25);
  EXPECT_EQ(line["target"]["of"], "ratio");
  EXPECT_EQ(line["target"]["at"], "most");
  EXPECT_EQ(line["target"]["limit"], 1.5);
  EXPECT_EQ(line["verdict"], "missed");
  EXPECT_EQ(ToJson(WithRatio(2, RatioAtMost(1.5))).find('\n'), std::string::npos);
}

TEST(Statistics, MedianAndPercentileAreTheMiddleAndTheRank) {
  EXPECT_EQ(Median({3, 1, 2}), 2);
  EXPECT_EQ(Median({4, 1, 2, 3}), 2.5);
  EXPECT_EQ(Percentile({5, 4, 3, 2, 1}, 1), 5);
  EXPECT_EQ(Percentile({5, 4, 3, 2, 1}, 0.5), 3);
  EXPECT_EQ(Median({}), 0);
}

TEST(Statistics, TheSpreadOfIdenticalArmsIsSmallAndThatOfUnlikeOnesIsNot) {
  EXPECT_EQ(SpreadOf({1, 1, 1, 1}), 0);
  EXPECT_NEAR(SpreadOf(std::vector<double>(40, 1.1)), 0.1, 1e-9);
  std::vector<double> noisy;
  for (int i = 0; i < 40; ++i) noisy.push_back(i % 2 == 0 ? 0.9 : 1.1);
  EXPECT_GT(SpreadOf(noisy), 0.05);
  EXPECT_EQ(SpreadOf(noisy), SpreadOf(noisy));
}

TEST(Statistics, RoundsAreComparedPairByPair) {
  // The machine became twice as slow in the second round; ours is always one and a half times bare.
  const Comparison comparison = CompareRounds({15, 30}, {10, 20}, {10, 20});
  EXPECT_DOUBLE_EQ(comparison.ratio, 1.5);
  EXPECT_EQ(comparison.spread, 0);
}

}  // namespace
}  // namespace payload_manager::bench
