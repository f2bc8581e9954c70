// Every payload rule, against the registry and over the wire: plain and TLS.
#include <gtest/gtest.h>

#include "tests/conformance/registry_driver.h"
#include "tests/conformance/rules.h"
#include "tests/conformance/wire_driver.h"

namespace conformance {
namespace {

std::string NameOfRule(const testing::TestParamInfo<Rule>& info) { return info.param.name; }

class Registry : public testing::TestWithParam<Rule> {};
TEST_P(Registry, Follows) { Follow(GetParam(), *MakeRegistryDriver()); }
INSTANTIATE_TEST_SUITE_P(PayloadRules, Registry, testing::ValuesIn(Rules()), NameOfRule);

class PlainRobot : public testing::TestWithParam<Rule> {};
TEST_P(PlainRobot, Follows) { Follow(GetParam(), *MakeWireDriver(Wire::kPlain)); }
INSTANTIATE_TEST_SUITE_P(PayloadRules, PlainRobot, testing::ValuesIn(Rules()), NameOfRule);

class TlsRobot : public testing::TestWithParam<Rule> {};
TEST_P(TlsRobot, Follows) { Follow(GetParam(), *MakeWireDriver(Wire::kTls)); }
INSTANTIATE_TEST_SUITE_P(PayloadRules, TlsRobot, testing::ValuesIn(Rules()), NameOfRule);

class RegistryAssuming : public testing::TestWithParam<Rule> {};
TEST_P(RegistryAssuming, Follows) { Follow(GetParam(), *MakeRegistryDriver(GetParam().assume)); }
INSTANTIATE_TEST_SUITE_P(PayloadRules, RegistryAssuming, testing::ValuesIn(RulesUnderAssumptions()),
                         NameOfRule);

class RobotAssuming : public testing::TestWithParam<Rule> {};
TEST_P(RobotAssuming, Follows) {
  Follow(GetParam(), *MakeWireDriver(Wire::kPlain, GetParam().assume));
}
INSTANTIATE_TEST_SUITE_P(PayloadRules, RobotAssuming, testing::ValuesIn(RulesUnderAssumptions()),
                         NameOfRule);

}  // namespace
}  // namespace conformance
