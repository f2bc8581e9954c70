// Every rule of the services besides registration, without a wire and over gRPC: plain and TLS.
#include <gtest/gtest.h>

#include "tests/conformance/rules.h"
#include "tests/conformance/rules_driver.h"
#include "tests/conformance/wire_driver.h"

namespace conformance {
namespace {

std::string NameOfRule(const testing::TestParamInfo<Rule>& info) { return info.param.name; }

class ServiceRulesTest : public testing::TestWithParam<Rule> {};
TEST_P(ServiceRulesTest, AreFollowed) { Follow(GetParam(), *MakeRulesDriver()); }
INSTANTIATE_TEST_SUITE_P(ServiceRules, ServiceRulesTest, testing::ValuesIn(ServiceRules()),
                         NameOfRule);

class ServicesOfAPlainRobot : public testing::TestWithParam<Rule> {};
TEST_P(ServicesOfAPlainRobot, AreAsTheTableSays) {
  Follow(GetParam(), *MakeWireDriver(Wire::kPlain));
}
INSTANTIATE_TEST_SUITE_P(ServiceRules, ServicesOfAPlainRobot, testing::ValuesIn(ServiceRules()),
                         NameOfRule);

class ServicesOfATlsRobot : public testing::TestWithParam<Rule> {};
TEST_P(ServicesOfATlsRobot, AreAsTheTableSays) { Follow(GetParam(), *MakeWireDriver(Wire::kTls)); }
INSTANTIATE_TEST_SUITE_P(ServiceRules, ServicesOfATlsRobot, testing::ValuesIn(ServiceRules()),
                         NameOfRule);

}  // namespace

}  // namespace conformance
