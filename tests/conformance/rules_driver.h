// The rules of all services without gRPC: what answers behind the wire, called directly.
#pragma once

#include <memory>

#include "tests/conformance/driver.h"

namespace conformance {

std::unique_ptr<Driver> MakeRulesDriver();

}  // namespace conformance
