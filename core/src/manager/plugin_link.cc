#include "manager/plugin_link.h"

#include <algorithm>
#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "manager/log_line.h"
#include "payload_manager/definition.h"
#include "payload_manager/software_version.h"

namespace payload_manager {
namespace {

constexpr std::size_t kMostEarlyCalls = 64;
constexpr int kMostNotesUnderWay = 256;
constexpr std::size_t kMostTokens = 64;

NoteLevel LevelOf(PluginLogLevel level) {
  switch (level) {
    case PluginLogLevel::kDebug:
      return NoteLevel::kDebug;
    case PluginLogLevel::kInfo:
      return NoteLevel::kInfo;
    case PluginLogLevel::kWarning:
      return NoteLevel::kWarning;
    case PluginLogLevel::kError:
      return NoteLevel::kError;
  }
  return NoteLevel::kError;
}

const char* NameOf(PluginCallKind kind) {
  switch (kind) {
    case PluginCallKind::kSetVersion:
      return "set version";
    case PluginCallKind::kAttach:
      return "attach";
    case PluginCallKind::kDetach:
      return "detach";
    case PluginCallKind::kDefinitionChanged:
      return "definition changed";
    default:
      return "call";
  }
}

}  // namespace

PluginCallHandler PluginLink::Handler() {
  return [link = weak_from_this()](PluginCall call) {
    if (const auto alive = link.lock()) alive->Take(std::move(call));
  };
}

void PluginLink::Connect(std::weak_ptr<PluginHost> host,
                         std::vector<std::optional<LinkedPayload>> payloads) {
  {
    const std::lock_guard lock(mutex_);
    host_ = std::move(host);
    payloads_ = std::move(payloads);
    stage_ = Stage::kCatchingUp;
  }
  for (;;) {
    std::vector<PluginCall> early;
    {
      const std::lock_guard lock(mutex_);
      early.swap(early_);
      if (early.empty()) stage_ = Stage::kConnected;
    }
    if (early.empty()) return;
    for (const PluginCall& call : early) Do(call);
  }
}

void PluginLink::Disconnect() { closed_ = true; }

void PluginLink::Guard(const Secret& token) {
  const std::lock_guard lock(mutex_);
  if (tokens_.size() == kMostTokens) tokens_.erase(tokens_.begin());
  tokens_.push_back(token);
}

std::string PluginLink::Line(std::string_view text) {
  std::vector<Secret> tokens;
  {
    const std::lock_guard lock(mutex_);
    tokens = tokens_;
  }
  return MakeLogLine(text, tokens);
}

void PluginLink::NoteThat(NoteLevel level, const std::string& payload_id, std::string_view text) {
  if (++notes_under_way_ > kMostNotesUnderWay) {  // a plugin that floods the log
    --notes_under_way_;
    return;
  }
  const auto delivered = [self = shared_from_this()] { --self->notes_under_way_; };
  Note note{level, options_.robot, options_.plugin_file, payload_id, Line(text)};
  if (!options_.post_note(std::move(note), delivered)) --notes_under_way_;
}

void PluginLink::Take(PluginCall call) {
  if (call.kind != PluginCallKind::kLog) {
    if (closed_) return;
    const std::lock_guard lock(mutex_);
    if (stage_ != Stage::kConnected && early_taken_ < kMostEarlyCalls) {
      ++early_taken_;
      early_.push_back(std::move(call));
      return;
    }
    if (stage_ != Stage::kConnected) {
      call.kind = PluginCallKind::kInvalid;
      call.text = "more than " + std::to_string(kMostEarlyCalls) + " calls before it was started";
    }
    // Without a host yet there is nobody to answer to. Of those without an answer one is kept, to
    // be noted.
    if (stage_ == Stage::kStarting) {
      if (call.request_id != 0 || early_taken_++ == kMostEarlyCalls) {
        early_.push_back(std::move(call));
      }
      return;
    }
  }
  Do(call);
}

void PluginLink::Do(const PluginCall& call) {
  std::optional<LinkedPayload> payload;
  {
    const std::lock_guard lock(mutex_);
    if (call.payload && *call.payload < payloads_.size()) payload = payloads_[*call.payload];
  }
  const std::string payload_id = payload ? payload->payload_id : std::string();
  if (call.kind == PluginCallKind::kLog) {
    NoteThat(LevelOf(call.level), payload_id, "plugin: " + call.text);
  } else if (call.kind == PluginCallKind::kInvalid) {
    Conclude(payload_id, call.payload, call.request_id, "the plugin asked wrongly: " + call.text);
  } else if (!payload) {
    Conclude(payload_id, call.payload, call.request_id,
             std::string(NameOf(call.kind)) + ": this payload was refused");
  } else if (const auto sessions = options_.sessions.lock()) {
    Carry(*sessions, *payload, call);
  }
}

void PluginLink::Carry(PayloadSessions& sessions, const LinkedPayload& payload,
                       const PluginCall& call) {
  switch (call.kind) {
    case PluginCallKind::kSetVersion:
      return SetVersion(sessions, payload, call);
    case PluginCallKind::kAttach:
      return sessions.Attach(payload.session, Answer(payload, call));
    case PluginCallKind::kDetach:
      return sessions.Detach(payload.session, Answer(payload, call));
    case PluginCallKind::kDefinitionChanged: {
      const auto changed = ChangeDefinition(sessions, payload, call);
      return Conclude(payload.payload_id, call.payload, call.request_id,
                      changed.ok() ? "" : "definition changed: " + changed.error().message);
    }
    case PluginCallKind::kLog:
    case PluginCallKind::kInvalid:
      return;
  }
}

void PluginLink::SetVersion(PayloadSessions& sessions, const LinkedPayload& payload,
                            const PluginCall& call) {
  const auto version = ParseSoftwareVersion(call.text);
  if (!version.ok()) {
    return Conclude(payload.payload_id, call.payload, call.request_id,
                    "set version: " + version.error().message);
  }
  sessions.SetVersion(payload.session, *version, Answer(payload, call));
}

Checked<Done> PluginLink::ChangeDefinition(PayloadSessions& sessions, const LinkedPayload& payload,
                                           const PluginCall& call) {
  auto definition = ParseDefinition(call.text, call.encoding, payload.payload_id);
  if (!definition.ok()) return Failed{definition.error()};
  if (definition->guid().empty()) definition->set_guid(payload.guid);
  const DefinitionReport report = ValidateDefinition(*definition, payload.context);
  if (!report.ok()) return Failed{Problem{report.errors.front().message}};
  for (const DefinitionFinding& warning : report.warnings) {
    if (options_.strict) return Failed{Problem{warning.message}};
    NoteThat(NoteLevel::kWarning, payload.payload_id, warning.message);
  }
  const auto changed = std::make_shared<const bosdyn::api::Payload>(*std::move(definition));
  auto updated = sessions.UpdateDefinition(payload.session, changed);
  if (updated.ok() && payload.on_definition) payload.on_definition(*changed);
  return updated;
}

PayloadSessions::ResultCallback PluginLink::Answer(const LinkedPayload& payload,
                                                   const PluginCall& call) {
  return [self = shared_from_this(), payload_id = payload.payload_id, index = call.payload,
          id = call.request_id, name = NameOf(call.kind)](const Outcome<Done>& outcome) {
    self->Conclude(payload_id, index, id,
                   outcome.ok() ? "" : std::string(name) + ": " + outcome.error().message);
  };
}

void PluginLink::Conclude(const std::string& payload_id, std::optional<std::size_t> index,
                          std::uint64_t request_id, const std::string& problem) {
  if (closed_) return;
  // Much of it the plugin wrote itself: it hears of it as the log does.
  const std::string line = Line(problem);
  if (!line.empty()) NoteThat(NoteLevel::kWarning, payload_id, line);
  if (request_id == 0) return;
  PluginEvent event;
  event.kind = line.empty() ? PluginEventKind::kDone : PluginEventKind::kError;
  event.payload = index;
  event.request_id = request_id;
  event.text = line;
  std::shared_ptr<PluginHost> host;
  {
    const std::lock_guard lock(mutex_);
    host = host_.lock();
  }
  if (host) host->Post(std::move(event));
}

}  // namespace payload_manager
