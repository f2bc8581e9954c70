#include "schedule/back_off.h"

#include <algorithm>

namespace payload_manager {

double Jitter::Unit() {
  // The upper 53 bits fill a double exactly; the standard distributions differ between libraries.
  return static_cast<double>(generator_() >> 11) * 0x1.0p-53;
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
