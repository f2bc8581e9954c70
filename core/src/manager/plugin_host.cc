#include "manager/plugin_host.h"

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
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
  std::condition_variable changed;
  std::deque<PluginEvent> events;  // guarded by mutex, as all below
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

  void End() {
    const std::lock_guard lock(mutex);
    ended = true;
    changed.notify_all();
  }

  // The plugin's whole life, on its thread.
  void Run(const std::filesystem::path& path, PluginCallHandler handler,
           std::promise<OpenResult> opened) {
    auto plugin = Plugin::Load(path, std::move(handler));
    if (!plugin.ok()) {
      opened.set_value(Failed{std::move(plugin).error()});
      return;
    }
    opened.set_value((*plugin)->payloads());
    while (const auto event = Next()) (*plugin)->Deliver(*event);
    (*plugin)->Close();
  }
};

BasicOutcome<std::shared_ptr<PluginHost>, PluginProblem> PluginHost::Open(
    const std::filesystem::path& path, PluginCallHandler handler, Duration limit) {
  auto shared = std::make_shared<Shared>();
  std::promise<OpenResult> promise;
  std::future<OpenResult> opened = promise.get_future();
  std::thread thread(
      [shared, path, call = std::move(handler), result = std::move(promise)]() mutable {
        shared->Run(path, std::move(call), std::move(result));
        shared->End();
      });
  if (opened.wait_for(limit) != std::future_status::ready) {
    shared->RequestClose();
    thread.detach();
    return Failed{PluginProblem{PluginRefusal::kOpenFailed,
                                path.string() + ": its open function does not return"}};
  }
  OpenResult result = opened.get();
  if (!result.ok()) {
    thread.join();
    return Failed{std::move(result).error()};
  }
  return std::shared_ptr<PluginHost>(
      new PluginHost(path, *std::move(result), std::move(shared), std::move(thread)));
}

PluginHost::PluginHost(std::filesystem::path path, std::vector<OfferedPayload> payloads,
                       std::shared_ptr<Shared> shared, std::thread thread)
    : path_(std::move(path)),
      payloads_(std::move(payloads)),
      shared_(std::move(shared)),
      thread_(std::move(thread)) {}

PluginHost::~PluginHost() { Close(Duration::zero()); }

void PluginHost::Post(PluginEvent event) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->closing || shared_->events.size() >= kLongestQueue) return;
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

}  // namespace payload_manager
