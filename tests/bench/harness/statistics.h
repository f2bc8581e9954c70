// The little statistics that the comparisons need. Pure functions; an empty list gives 0.
#pragma once

#include <vector>

namespace payload_manager::bench {

double Median(std::vector<double> values);
// Of 0 ≤ `part` ≤ 1: 0.99 is the 99th percentile (the value at that rank, none in between).
double Percentile(std::vector<double> values, double part);

// How far the ratio of two identical arms may be from 1 by chance: `ratios` are those of the rounds
// of an A/A comparison. The farther end of the 95 % interval of their median (bootstrap with a
// fixed seed, so that the same rounds give the same answer) as a distance from 1.
double SpreadOf(const std::vector<double>& ratios);

}  // namespace payload_manager::bench
