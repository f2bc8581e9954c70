// The rules themselves: the mock robot's registry, called directly, on a clock of its own.
#pragma once

#include <memory>

#include "tests/conformance/driver.h"

namespace conformance {

std::unique_ptr<Driver> MakeRegistryDriver();

}  // namespace conformance
