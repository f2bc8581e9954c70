// The rules over gRPC: a mock robot in this process, called with the messages of the wire.
#pragma once

#include <memory>

#include "tests/conformance/driver.h"

namespace conformance {

enum class Wire { kPlain, kTls };

// `assume` as in Rule.
std::unique_ptr<Driver> MakeWireDriver(Wire wire, const std::string& assume = {});

}  // namespace conformance
