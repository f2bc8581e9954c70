#include "manager/plugin_host.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace payload_manager {
namespace {

constexpr std::size_t kLongestQueue = 10'000;

using OpenResult = BasicOutcome<std::vector<OfferedPayload>, PluginProblem>;

}  // namespace

// What the host and the plugin's thread share; whoever is left last frees it.
struct PluginHost::Shared {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::optional<OpenResult> opened;  // guarded by mutex, as all below
  std::deque<PluginEvent> events;
  bool closing = false;
  bool ended = false;

  // Waits for the next event; nothing when the plugin is to be closed.
  std::optional<PluginEvent> Next() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return closing || !events.empty(); });
    if (closing) return std::nullopt;
    PluginEvent event = std::move(events.front());
    events.pop_front();
    return event;
  }

  void RequestClose() {
    const std::lock_guard lock(mutex);
    closing = true;
    events.clear();
    changed.notify_all();
  }

  void Opened(OpenResult result) {
    const std::lock_guard lock(mutex);
    opened = std::move(result);
    changed.notify_all();
  }

  void End() {
    const std::lock_guard lock(mutex);
    ended = true;
    changed.notify_all();
  }

  // The plugin's whole life, on its thread.
  void Run(const std::filesystem::path& path, PluginCallHandler handler) {
    auto plugin = Plugin::Load(path, std::move(handler));
    if (!plugin.ok()) return Opened(Failed{std::move(plugin).error()});
    Opened((*plugin)->payloads());
    while (const auto event = Next()) (*plugin)->Deliver(*event);
    (*plugin)->Close();
  }
};

std::shared_ptr<PluginHost> PluginHost::Start(const std::filesystem::path& path,
                                              PluginCallHandler handler) {
  auto shared = std::make_shared<Shared>();
  std::thread thread([shared, path, call = std::move(handler)]() mutable {
    shared->Run(path, std::move(call));
    shared->End();
  });
  return std::shared_ptr<PluginHost>(new PluginHost(path, std::move(shared), std::move(thread)));
}

std::optional<OpenResult> PluginHost::WaitUntilOpen(TimePoint deadline,
                                                    const std::stop_token& stop) {
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait_until(lock, stop, deadline,
                              [this] { return shared_->opened || shared_->closing; });
  return shared_->opened;
}

PluginHost::PluginHost(std::filesystem::path path, std::shared_ptr<Shared> shared,
                       std::thread thread)
    : path_(std::move(path)), shared_(std::move(shared)), thread_(std::move(thread)) {}

PluginHost::~PluginHost() { Close(Duration::zero()); }

void PluginHost::Post(PluginEvent event) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->closing) return;
  // An answer is owed, and there are never more than kMostUnansweredRequests of them.
  const bool is_answer = event.request_id != 0;
  if (!is_answer && shared_->events.size() >= kLongestQueue) return;
  shared_->events.push_back(std::move(event));
  shared_->changed.notify_all();
}

void PluginHost::RequestClose() { shared_->RequestClose(); }

bool PluginHost::Close(Duration limit) {
  RequestClose();
  bool ended = false;
  {
    std::unique_lock lock(shared_->mutex);
    ended = shared_->changed.wait_for(lock, limit, [this] { return shared_->ended; });
  }
  const std::lock_guard lock(closing_);
  if (!thread_.joinable()) return ended;
  // A thread that a plugin does not give back can be neither joined nor ended.
  ended ? thread_.join() : thread_.detach();
  return ended;
}

bool PluginHost::HasEnded() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->ended;
}

}  // namespace payload_manager
