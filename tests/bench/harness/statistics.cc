#include "tests/bench/harness/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>

namespace payload_manager::bench {

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double Percentile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  const auto rank =
      static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return values[static_cast<std::size_t>(rank)];
}

double SpreadOf(const std::vector<double>& ratios) {
  if (ratios.empty()) return 0;
  constexpr int kDraws = 2000;
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): repeatable on purpose
  std::uniform_int_distribution<std::size_t> any(0, ratios.size() - 1);
  std::vector<double> medians;
  std::vector<double> drawn(ratios.size());
  for (int draw = 0; draw < kDraws; ++draw) {
    for (double& value : drawn) value = ratios[any(random)];
    medians.push_back(Median(drawn));
  }
  const double low = Percentile(medians, 0.025);
  const double high = Percentile(medians, 0.975);
  return std::max(std::abs(low - 1), std::abs(high - 1));
}

}  // namespace payload_manager::bench
