#include "schedule/back_off.h"

#include <algorithm>

namespace payload_manager {

std::uint64_t Jitter::Draw() {
  // A counter in odd steps visits every value once; multiplying and folding hides the counting, so
  // that neighbouring seeds have nothing in common (the SplitMix64 scheme and its constants).
  std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

double Jitter::Unit() {
  // The upper 53 bits fill a double exactly; the standard distributions differ between libraries.
  return static_cast<double>(Draw() >> 11) * 0x1.0p-53;
}

Duration Jitter::UpTo(Duration bound) {
  return Duration(static_cast<Duration::rep>(static_cast<double>(bound.count()) * Unit()));
}

Duration Jitter::Around(Duration middle, double share) {
  const double scale = 1.0 - share + 2.0 * share * Unit();
  return Duration(static_cast<Duration::rep>(static_cast<double>(middle.count()) * scale));
}

BackOff::BackOff(Duration first, Duration last)
    : first_(std::min(first, last)), last_(last), next_(first_) {}

Duration BackOff::Next() {
  const Duration wait = next_;
  next_ = next_ > last_ / 2 ? last_ : next_ * 2;
  return wait;
}

}  // namespace payload_manager
