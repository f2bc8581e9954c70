// Works on its static data for ever once it is registered, and notices when they are gone.
#include <atomic>
#include <thread>

#include "payload_plugin/payload_plugin.hpp"

namespace {

class Notes {
 public:
  ~Notes() {
    delete[] notes_.exchange(nullptr);
    for (int i = 0; i < 1'000'000; ++i) std::this_thread::yield();  // until the worker noticed
  }
  void Write(unsigned number) { notes_.load()[number % kNotes] = number; }

 private:
  static constexpr unsigned kNotes = 1000;
  std::atomic<unsigned*> notes_{new unsigned[kNotes]};
} notes;

class Animal : public payload_plugin::Plugin {
 public:
  explicit Animal(payload_plugin::Host to_host) : Plugin(to_host) {
    host().Offer("zoo.animal", "name: 'animal'", payload_plugin::Encoding::kText);
  }
  void OnRegistered(payload_plugin::PayloadNumber) override {
    for (unsigned number = 0;; ++number) notes.Write(number);
  }
};

}  // namespace

PAYLOAD_PLUGIN_DEFINE(Animal);
