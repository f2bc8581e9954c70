// What a request or an answer says, for people: without its secrets, and short.
#pragma once

#include <google/protobuf/message.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace mock_robot {

inline constexpr std::size_t kLongestText = 2048;  // bytes

// One line of Protobuf's text format, in ASCII; of more than kLongestText bytes the first, and
// "...". Every text and every bytes in a field whose name has to do with a secret, a password or a
// token is "***" unless it is empty, and so is what is packed into an Any; fields that our messages
// do not know are left out. Of the messages that the robot's rpcs are made of; takes time with the
// size of the message, however little of it is shown. Threads: any.
std::string MaskedText(const google::protobuf::Message& message);

// Of no more than kLongestText bytes.
std::string ShortText(std::string_view text);

}  // namespace mock_robot
