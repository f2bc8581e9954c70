#include "payload_manager/plugin.h"

#include <cassert>
#include <thread>

#include "plugin/host_side.h"
#include "plugin/inspect.h"
#include "plugin/library.h"

namespace payload_manager {
namespace {

std::uint32_t IdOf(PluginEventKind kind) {
  switch (kind) {
    case PluginEventKind::kRegistered:
      return PAYLOAD_PLUGIN_EVENT_REGISTERED;
    case PluginEventKind::kAuthorized:
      return PAYLOAD_PLUGIN_EVENT_AUTHORIZED;
    case PluginEventKind::kDeauthorized:
      return PAYLOAD_PLUGIN_EVENT_DEAUTHORIZED;
    case PluginEventKind::kForgotten:
      return PAYLOAD_PLUGIN_EVENT_FORGOTTEN;
    case PluginEventKind::kAttached:
      return PAYLOAD_PLUGIN_EVENT_ATTACHED;
    case PluginEventKind::kDetached:
      return PAYLOAD_PLUGIN_EVENT_DETACHED;
    case PluginEventKind::kUnreachable:
      return PAYLOAD_PLUGIN_EVENT_UNREACHABLE;
    case PluginEventKind::kDefinitionDiffers:
      return PAYLOAD_PLUGIN_EVENT_DEFINITION_DIFFERS;
    case PluginEventKind::kError:
      return PAYLOAD_PLUGIN_EVENT_ERROR;
    case PluginEventKind::kDone:
      return PAYLOAD_PLUGIN_EVENT_DONE;
  }
  return 0;
}

payload_plugin_bytes Borrow(std::string_view text) { return {text.data(), text.size()}; }

// Runs foreign code; false if it threw, which the interface forbids.
template <typename F>
bool Survives(F&& function) {
  try {
    function();
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

// Destroyed from the last member to the first: the library goes when nobody needs its code.
struct Plugin::Parts {
  Parts(Library the_library, PluginCallHandler handler)
      : library(std::move(the_library)), side(std::move(handler)) {}

  void Send(const payload_plugin_message& message) {
    if (!Survives([&] { entry->event(object, &message); })) {
      side.ReportMisbehaviour("its event function threw an exception");
    }
  }

  Library library;
  HostSide side;
  const payload_plugin_entry_v0* entry = nullptr;
  void* object = nullptr;  // null once closed
  const std::thread::id thread = std::this_thread::get_id();
};

Plugin::Plugin(std::filesystem::path path, std::vector<OfferedPayload> payloads,
               std::unique_ptr<Parts> parts)
    : path_(std::move(path)), payloads_(std::move(payloads)), parts_(std::move(parts)) {}

Plugin::~Plugin() { Close(); }

BasicOutcome<std::unique_ptr<Plugin>, PluginProblem> Plugin::Load(const std::filesystem::path& path,
                                                                  PluginCallHandler handler) {
  if (auto file = InspectPlugin(path); !file) return Failed{std::move(file).error()};
  auto library = Library::Load(path);
  if (!library) {
    return Refuse(PluginRefusal::kCannotLoad, path,
                  "the system's loader refuses it: " + library.error().message);
  }
  auto parts = std::make_unique<Parts>(std::move(*library), std::move(handler));
  parts->entry =
      static_cast<const payload_plugin_entry_v0*>(parts->library.Find(PAYLOAD_PLUGIN_ENTRY_SYMBOL));
  if (parts->entry == nullptr) {
    return Refuse(PluginRefusal::kNoEntrySymbol, path, "its entry cannot be found once loaded");
  }
  // The file said so already; static constructors, or another file in its place, may say otherwise.
  const payload_plugin_entry_v0& entry = *parts->entry;
  if (auto checked =
          CheckEntry({entry.magic, entry.size, entry.major, entry.minor}, entry.size, path);
      !checked) {
    return Failed{std::move(checked).error()};
  }
  if (entry.open == nullptr || entry.event == nullptr || entry.close == nullptr) {
    return Refuse(PluginRefusal::kTruncatedEntry, path,
                  "its " PAYLOAD_PLUGIN_ENTRY_SYMBOL
                  " lacks a function; open, event and close are "
                  "needed");
  }

  const bool survived = Survives([&] { parts->object = entry.open(parts->side.host()); });
  HostSide::Opening said = parts->side.EndOpening();
  const auto give_up = [&](PluginRefusal reason, const std::string& what) {
    if (parts->object != nullptr) Survives([&] { entry.close(parts->object); });
    parts->side.Shut();
    return Refuse(reason, path, what);
  };
  if (!survived) {
    return give_up(PluginRefusal::kOpenFailed, "its open function threw an exception");
  }
  if (parts->object == nullptr || said.refusal) {
    return give_up(PluginRefusal::kOpenFailed, said.refusal ? "did not open: " + *said.refusal
                                                            : "did not open and gives no reason");
  }
  if (!said.bad_offer.empty()) return give_up(PluginRefusal::kBadOffer, said.bad_offer);
  if (said.offers.empty()) return give_up(PluginRefusal::kBadOffer, "offers no payload");
  return std::unique_ptr<Plugin>(new Plugin(path, std::move(said.offers), std::move(parts)));
}

void Plugin::Deliver(const PluginEvent& event) {
  assert(parts_->thread == std::this_thread::get_id());
  assert(!event.payload || *event.payload < payloads_.size());
  if (parts_->object == nullptr) return;
  const std::uint32_t payload =
      event.payload ? static_cast<std::uint32_t>(*event.payload) : PAYLOAD_PLUGIN_NO_PAYLOAD;
  payload_plugin_message message =
      payload_plugin_message_of(IdOf(event.kind), payload, event.request_id);
  message.body = event.kind == PluginEventKind::kAuthorized ? Borrow(event.token.Reveal())
                                                            : Borrow(event.text);
  if (event.request_id == 0) return parts_->Send(message);
  // Before the plugin hears of it, so that it may ask anew from within.
  const std::vector<HostSide::TooMuch> refused = parts_->side.CountAnswer();
  parts_->Send(message);
  for (const HostSide::TooMuch& request : refused) {
    message =
        payload_plugin_message_of(PAYLOAD_PLUGIN_EVENT_ERROR, request.payload, request.request_id);
    message.body = Borrow("too many requests wait for their answers");
    parts_->Send(message);
  }
}

void Plugin::Close() {
  if (parts_->object == nullptr) return;
  assert(parts_->thread == std::this_thread::get_id());
  parts_->Send(
      payload_plugin_message_of(PAYLOAD_PLUGIN_EVENT_CLOSING, PAYLOAD_PLUGIN_NO_PAYLOAD, 0));
  if (!Survives([&] { parts_->entry->close(parts_->object); })) {
    parts_->side.ReportMisbehaviour("its close function threw an exception");
  }
  parts_->object = nullptr;
  parts_->side.Shut();
}

}  // namespace payload_manager
