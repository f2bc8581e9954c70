#include "plugin/host_side.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "payload_manager/base/text.h"
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

bool IsAnswered(std::uint32_t id) {
  return id != PAYLOAD_PLUGIN_CALL_OFFER && id != PAYLOAD_PLUGIN_CALL_REFUSE &&
         id != PAYLOAD_PLUGIN_CALL_LOG;
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

std::vector<HostSide::TooMuch> HostSide::CountAnswer() {
  const std::lock_guard lock(mutex_);
  if (unanswered_ > 0) --unanswered_;
  return std::exchange(refused_, {});
}

void HostSide::ReportMisbehaviour(std::string text) {
  PluginCall call{PluginCallKind::kInvalid};
  call.text = std::move(text);
  handler_(std::move(call));
}

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
    call = Understand(message);
    if (call.request_id != 0) {
      if (unanswered_ == kMostUnansweredRequests) {
        refused_.push_back(
            {call.payload ? message.payload : PAYLOAD_PLUGIN_NO_PAYLOAD, message.request_id});
        return;
      }
      ++unanswered_;
    }
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
                  .payload = IsOffered(message.payload)
                                 ? std::optional<std::size_t>(message.payload)
                                 : std::nullopt,
                  .request_id = IsAnswered(message.id) ? message.request_id : 0};
  const auto invalid = [&call](std::string text) {
    call.kind = PluginCallKind::kInvalid;
    call.text = std::move(text);
    return call;
  };
  if (!IsReadable(message.body) || !IsReadable(message.name)) {
    return invalid("a call with more than 4 MiB, or with a length but no data");
  }
  if (!call.payload && message.payload != PAYLOAD_PLUGIN_NO_PAYLOAD) {
    return invalid("a call for payload number " + std::to_string(message.payload) + ", but only " +
                   std::to_string(payloads_) + " are offered");
  }
  call.text = TextOf(message.body);
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
      if (!encoding) return invalid("a definition in an unknown encoding");
      call.kind = PluginCallKind::kDefinitionChanged;
      call.encoding = *encoding;
      break;
    }
    case PAYLOAD_PLUGIN_CALL_OFFER:
    case PAYLOAD_PLUGIN_CALL_REFUSE:
      return invalid("payloads are offered, and opening is refused, while opening only");
    default:
      return invalid("call number " + std::to_string(message.id) +
                     ", which this host does not know");
  }
  if (!call.payload) return invalid("a call that names no payload");
  if (opening_) return invalid("a call before opening has ended");
  return call;
}

}  // namespace payload_manager
