// Calls the host from two threads of its own until it is closed.
#include <atomic>
#include <thread>

#include "payload_plugin/payload_plugin.hpp"

namespace {

class Animal : public payload_plugin::Plugin {
 public:
  explicit Animal(payload_plugin::Host to_host) : Plugin(to_host) {
    host().Offer("zoo.animal", "name: 'animal'", payload_plugin::Encoding::kText);
    for (std::thread& worker : workers_) {
      worker = std::thread([this, to_host]() mutable {
        while (!stop_) to_host.Log(payload_plugin::Importance::kDebug, "busy");
      });
    }
  }
  ~Animal() override {
    stop_ = true;
    for (std::thread& worker : workers_) worker.join();
  }

 private:
  std::atomic<bool> stop_ = false;
  std::thread workers_[2];
};

}  // namespace

PAYLOAD_PLUGIN_DEFINE(Animal);
