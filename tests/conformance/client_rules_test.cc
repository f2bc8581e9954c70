// Every payload rule that the documented client can ask about, through it: plain and TLS.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/conformance/client_driver.h"
#include "tests/conformance/rules.h"

namespace conformance {
namespace {

std::vector<Rule> RulesForTheClient() {
  std::vector<Rule> rules = Rules();
  rules.erase(std::remove_if(rules.begin(), rules.end(),
                             [](const Rule& rule) {
                               return std::any_of(rule.steps.begin(), rule.steps.end(),
                                                  [](const Step& step) {
                                                    return step.what == Do::kAskForNothing;
                                                  });
                             }),
              rules.end());
  return rules;
}

std::string NameOfRule(const testing::TestParamInfo<Rule>& info) { return info.param.name; }

class PlainClient : public testing::TestWithParam<Rule> {};
TEST_P(PlainClient, Follows) { Follow(GetParam(), *MakeClientDriver(ClientTransport::kPlain)); }
INSTANTIATE_TEST_SUITE_P(PayloadRules, PlainClient, testing::ValuesIn(RulesForTheClient()),
                         NameOfRule);

class TlsClient : public testing::TestWithParam<Rule> {};
TEST_P(TlsClient, Follows) { Follow(GetParam(), *MakeClientDriver(ClientTransport::kTls)); }
INSTANTIATE_TEST_SUITE_P(PayloadRules, TlsClient, testing::ValuesIn(RulesForTheClient()),
                         NameOfRule);

TEST(RulesForTheClient, AreNearlyAllRules) {
  EXPECT_GE(RulesForTheClient().size() + 2, Rules().size());
}

}  // namespace
}  // namespace conformance
