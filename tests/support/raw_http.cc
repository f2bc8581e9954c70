// HTTP/2 as far as a test's peer needs it: RFC 9113's frames, RFC 7541's plainest header fields.
#include <cstdint>

#include "tests/support/raw_peer.h"

namespace payload_manager::testing {
namespace {

enum FrameType : unsigned char {
  kData = 0,
  kHeaders = 1,
  kResetStream = 3,
  kSettings = 4,
  kPing = 6,
};
constexpr unsigned char kEndStream = 1;
constexpr unsigned char kAck = 1;
constexpr unsigned char kEndHeaders = 4;
constexpr std::size_t kPrefaceSize = 24;
constexpr std::size_t kFrameHeaderSize = 9;

std::string BigEndian(std::uint32_t number, int bytes) {
  std::string text;
  for (int at = bytes - 1; at >= 0; --at) text += static_cast<char>(number >> (8 * at) & 0xff);
  return text;
}

std::uint32_t FromBigEndian(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char each : bytes) number = number << 8 | static_cast<unsigned char>(each);
  return number;
}

std::string Frame(FrameType type, unsigned char flags, std::uint32_t stream,
                  const std::string& payload) {
  std::string frame = BigEndian(static_cast<std::uint32_t>(payload.size()), 3);
  frame += static_cast<char>(type);
  frame += static_cast<char>(flags);
  return frame + BigEndian(stream, 4) + payload;
}

// Shorter than 127 bytes, not compressed.
std::string Text(const std::string& text) { return static_cast<char>(text.size()) + text; }

std::string Fields(const HttpHeaders& headers) {
  std::string block;
  for (const auto& [name, value] : headers) block += '\0' + Text(name) + Text(value);
  return block;
}

// False when the connection is to be closed.
bool Answer(const RawConnection& connection, std::uint32_t stream, const HttpAnswer& answer) {
  if (answer.hang_up) return false;
  const bool resets = answer.reset_with >= 0;
  const bool ends_with_headers = answer.data.empty() && answer.trailers.empty() && !resets;
  const auto flags = [](bool last, unsigned char others) {
    return static_cast<unsigned char>(others | (last ? kEndStream : 0));
  };
  std::string out;
  if (!answer.headers.empty()) {
    out += Frame(kHeaders, flags(ends_with_headers, kEndHeaders), stream, Fields(answer.headers));
  }
  if (!answer.data.empty()) {
    out += Frame(kData, flags(answer.trailers.empty() && !resets, 0), stream, answer.data);
  }
  if (!answer.trailers.empty()) {
    out += Frame(kHeaders, flags(true, kEndHeaders), stream, Fields(answer.trailers));
  }
  if (resets) {
    out +=
        Frame(kResetStream, 0, stream, BigEndian(static_cast<std::uint32_t>(answer.reset_with), 4));
  }
  return connection.Send(out);
}

void Serve(const RawConnection& connection, const HttpAnswer& answer) {
  if (!connection.Send(Frame(kSettings, 0, 0, {}))) return;
  if (connection.Receive(kPrefaceSize).empty()) return;
  while (true) {
    const std::string header = connection.Receive(kFrameHeaderSize);
    if (header.empty()) return;
    const std::uint32_t size = FromBigEndian(std::string_view(header).substr(0, 3));
    const std::uint32_t stream = FromBigEndian(std::string_view(header).substr(5, 4));
    const std::string payload = connection.Receive(size);
    if (payload.size() != size) return;
    const bool acknowledgement = (static_cast<unsigned char>(header[4]) & kAck) != 0;
    bool goes_on = true;
    switch (header[3]) {
      case kHeaders:
        goes_on = Answer(connection, stream, answer);
        break;
      case kSettings:
        goes_on = acknowledgement || connection.Send(Frame(kSettings, kAck, 0, {}));
        break;
      case kPing:
        goes_on = acknowledgement || connection.Send(Frame(kPing, kAck, 0, payload));
        break;
      default:
        break;
    }
    if (!goes_on) return;
  }
}

}  // namespace

RawPeer::Behaviour AnswerHttp(HttpAnswer answer) {
  return [answer = std::move(answer)](RawConnection& connection) { Serve(connection, answer); };
}

}  // namespace payload_manager::testing
