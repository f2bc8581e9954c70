#include "plugin/host_side.h"

#include <algorithm>
#include <cstring>

#include "base/one_line.h"
#include "payload_manager/identity.h"

namespace payload_manager {
namespace {

constexpr std::size_t kBodyLimit = std::size_t{4} << 20;
// Enough for any plugin, few enough that a loop gone wild is stopped.
constexpr std::size_t kMaxPayloads = 64;

std::string TextOf(const payload_plugin_bytes& bytes) {
  return bytes.size == 0 ? std::string() : std::string(bytes.data, bytes.size);
}

bool IsReadable(const payload_plugin_bytes& bytes) {
  return bytes.size == 0 || (bytes.data != nullptr && bytes.size <= kBodyLimit);
}

std::optional<DefinitionEncoding> EncodingOf(std::uint32_t code) {
  switch (code) {
    case PAYLOAD_PLUGIN_ENCODING_BINARY:
      return DefinitionEncoding::kBinary;
    case PAYLOAD_PLUGIN_ENCODING_TEXT:
      return DefinitionEncoding::kText;
    case PAYLOAD_PLUGIN_ENCODING_JSON:
      return DefinitionEncoding::kJson;
    default:
      return std::nullopt;
  }
}

PluginLogLevel LevelOf(std::uint32_t code) {
  switch (code) {
    case PAYLOAD_PLUGIN_LOG_DEBUG:
      return PluginLogLevel::kDebug;
    case PAYLOAD_PLUGIN_LOG_WARNING:
      return PluginLogLevel::kWarning;
    case PAYLOAD_PLUGIN_LOG_ERROR:
      return PluginLogLevel::kError;
    default:
      return PluginLogLevel::kInfo;
  }
}

PluginCall Invalid(std::string text, std::uint64_t request_id = 0) {
  return {.kind = PluginCallKind::kInvalid,
          .payload = std::nullopt,
          .request_id = request_id,
          .text = std::move(text)};
}

}  // namespace

HostSide::HostSide(PluginCallHandler handler)
    : handler_(std::move(handler)), host_{sizeof(payload_plugin_host),
                                          PAYLOAD_PLUGIN_MAJOR,
                                          PAYLOAD_PLUGIN_MINOR,
                                          0,
                                          this,
                                          &HostSide::Call} {}

HostSide::Opening HostSide::EndOpening() {
  const std::lock_guard lock(mutex_);
  opening_ = false;
  return std::move(said_);
}

void HostSide::Shut() {
  std::unique_lock lock(mutex_);
  shut_ = true;
  idle_.wait(lock, [this] { return running_ == 0; });
}

void HostSide::ReportMisbehaviour(std::string text) { handler_(Invalid(std::move(text))); }

void HostSide::Call(void* context, const payload_plugin_message* message) noexcept {
  if (message == nullptr) return;
  // A plugin built with an older header sends less, one built with a newer header more.
  payload_plugin_message known{};
  std::memcpy(&known, message, std::min<std::size_t>(message->size, sizeof(known)));
  static_cast<HostSide*>(context)->Take(known);
}

void HostSide::Take(const payload_plugin_message& message) {
  PluginCall call{PluginCallKind::kInvalid};
  {
    const std::lock_guard lock(mutex_);
    if (shut_) return;
    const bool readable = IsReadable(message.body) && IsReadable(message.name);
    if (opening_ && readable && message.id == PAYLOAD_PLUGIN_CALL_OFFER) return TakeOffer(message);
    if (opening_ && readable && message.id == PAYLOAD_PLUGIN_CALL_REFUSE) {
      said_.refusal = OneLine(TextOf(message.body));
      return;
    }
    call = readable ? Understand(message)
                    : Invalid("a call with more than 4 MiB, or with a length but no data",
                              message.request_id);
    ++running_;
  }
  handler_(std::move(call));
  const std::lock_guard lock(mutex_);
  if (--running_ == 0) idle_.notify_all();
}

void HostSide::TakeOffer(const payload_plugin_message& message) {
  if (!said_.bad_offer.empty()) return;
  OfferedPayload offer{TextOf(message.name), TextOf(message.body), DefinitionEncoding::kBinary};
  const auto encoding = EncodingOf(message.code);
  const auto id = CheckPayloadId(offer.id);
  if (!id) {
    said_.bad_offer = "offers a payload whose id " + id.error().message;
  } else if (!encoding) {
    said_.bad_offer = "offers payload " + offer.id + " in an unknown encoding";
  } else if (std::any_of(said_.offers.begin(), said_.offers.end(),
                         [&](const OfferedPayload& other) { return other.id == offer.id; })) {
    said_.bad_offer = "offers payload " + offer.id + " twice";
  } else if (said_.offers.size() == kMaxPayloads) {
    said_.bad_offer = "offers more than " + std::to_string(kMaxPayloads) + " payloads";
  } else {
    offer.encoding = *encoding;
    said_.offers.push_back(std::move(offer));
    ++payloads_;
  }
}

PluginCall HostSide::Understand(const payload_plugin_message& message) {
  PluginCall call{.kind = PluginCallKind::kLog,
                  .payload = message.payload,
                  .request_id = message.request_id,
                  .text = TextOf(message.body)};
  if (message.payload == PAYLOAD_PLUGIN_NO_PAYLOAD) {
    call.payload = std::nullopt;
  } else if (message.payload >= payloads_) {
    return Invalid("a call for payload number " + std::to_string(message.payload) + ", but only " +
                       std::to_string(payloads_) + " are offered",
                   message.request_id);
  }
  switch (message.id) {
    case PAYLOAD_PLUGIN_CALL_LOG:
      call.level = LevelOf(message.code);
      return call;
    case PAYLOAD_PLUGIN_CALL_SET_VERSION:
      call.kind = PluginCallKind::kSetVersion;
      break;
    case PAYLOAD_PLUGIN_CALL_ATTACH:
      call.kind = PluginCallKind::kAttach;
      break;
    case PAYLOAD_PLUGIN_CALL_DETACH:
      call.kind = PluginCallKind::kDetach;
      break;
    case PAYLOAD_PLUGIN_CALL_DEFINITION_CHANGED: {
      const auto encoding = EncodingOf(message.code);
      if (!encoding) return Invalid("a definition in an unknown encoding", message.request_id);
      call.kind = PluginCallKind::kDefinitionChanged;
      call.encoding = *encoding;
      break;
    }
    case PAYLOAD_PLUGIN_CALL_OFFER:
    case PAYLOAD_PLUGIN_CALL_REFUSE:
      return Invalid("payloads are offered, and opening is refused, while opening only",
                     message.request_id);
    default:
      return Invalid(
          "call number " + std::to_string(message.id) + ", which this host does not know",
          message.request_id);
  }
  if (!call.payload) return Invalid("a call that names no payload", message.request_id);
  if (opening_) return Invalid("a call before opening has ended", message.request_id);
  return call;
}

}  // namespace payload_manager
