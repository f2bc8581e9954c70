#include "payload_manager/base/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace payload_manager {
namespace {

using ::testing::HasSubstr;

struct GoodAddress {
  std::string text;
  std::string host;
  std::uint16_t port;
  std::string written;  // by ToString
};

TEST(ParseAddress, TakesHostsWithAndWithoutPort) {
  const GoodAddress table[] = {
      {"robot", "robot", 443, "robot:443"},
      {"robot.local:8443", "robot.local", 8443, "robot.local:8443"},
      {"192.168.80.3", "192.168.80.3", 443, "192.168.80.3:443"},
      {"127.0.0.1:0", "127.0.0.1", 0, "127.0.0.1:0"},
      {"127.0.0.1:65535", "127.0.0.1", 65535, "127.0.0.1:65535"},
      {"[::1]", "::1", 443, "[::1]:443"},
      {"[::1]:7", "::1", 7, "[::1]:7"},
      {"[fe80::1:2]:50051", "fe80::1:2", 50051, "[fe80::1:2]:50051"},
      {"[::ffff:10.0.0.3]:1", "::ffff:10.0.0.3", 1, "[::ffff:10.0.0.3]:1"},
  };
  for (const GoodAddress& row : table) {
    SCOPED_TRACE(row.text);
    const auto parsed = ParseAddress(row.text, 443);
    ASSERT_TRUE(parsed.ok()) << parsed.error().message;
    EXPECT_EQ(parsed->host, row.host);
    EXPECT_EQ(parsed->port, row.port);
    EXPECT_EQ(parsed->ToString(), row.written);
    EXPECT_EQ(*ParseAddress(parsed->ToString(), 1), *parsed) << "what is written reads back";
  }
}

struct BadAddress {
  std::string text;
  std::string why;
};

TEST(ParseAddress, SaysWhatIsWrongWithABadOne) {
  const BadAddress table[] = {
      {"", "the host is missing"},
      {":443", "the host is missing"},
      {"robot:", "the port is not a number"},
      {"robot:https", "the port is not a number"},
      {"robot:65536", "the port is not a number"},
      {"robot:-1", "the port is not a number"},
      {"robot:+1", "the port is not a number"},
      {"robot:4 ", "the port is not a number"},
      {"robot:443x", "the port is not a number"},
      {"::1", "goes in brackets"},
      {"robot:1:2", "goes in brackets"},
      {"[::1", "never closed"},
      {"[robot]:443", "no IPv6 address"},
      {"[]:443", "no IPv6 address"},
      {"[127.0.0.1]", "no IPv6 address"},
      {"[::1]443", "only :PORT"},
      {"[::1]:", "the port is not a number"},
      {"my robot", "use HOST[:PORT]"},
      {"https://robot", "the port is not a number"},
      {"admin@robot", "use HOST[:PORT]"},
      {"robot/path", "use HOST[:PORT]"},
      {"robot\n", "use HOST[:PORT]"},
  };
  for (const BadAddress& row : table) {
    SCOPED_TRACE(row.text);
    const auto parsed = ParseAddress(row.text, 443);
    ASSERT_FALSE(parsed.ok()) << parsed->ToString();
    EXPECT_THAT(parsed.error().message, HasSubstr(row.why));
    EXPECT_THAT(parsed.error().message, HasSubstr("'" + row.text + "'"));
  }
}

TEST(Address, KnowsTheMachineItself) {
  for (const char* host : {"localhost", "127.0.0.1", "127.255.3.4", "::1"}) {
    EXPECT_TRUE((Address{host, 1}.IsLoopback())) << host;
  }
}

TEST(Address, DoesNotTakeOthersForTheMachineItself) {
  for (const char* host : {"robot", "0.0.0.0", "128.0.0.1", "127.0.0.1.example.org", "127.1",
                           "::", "::2", "localhost.example.org", ""}) {
    EXPECT_FALSE((Address{host, 1}.IsLoopback())) << host;
  }
}

}  // namespace
}  // namespace payload_manager
