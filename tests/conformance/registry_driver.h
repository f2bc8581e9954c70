// The rules themselves: the mock robot's registry, called directly, on a clock of its own.
#pragma once

#include <memory>

#include "tests/conformance/driver.h"

namespace conformance {

// `assume` as in Rule.
std::unique_ptr<Driver> MakeRegistryDriver(const std::string& assume = {});

}  // namespace conformance
