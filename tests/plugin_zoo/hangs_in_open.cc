// Never returns from its open function. Says so first.
#include <cstdio>
#include <future>

#include "zoo.h"

namespace {

void* Open(const payload_plugin_host*) {
  std::fputs("hanging\n", stderr);
  std::promise<void> never;
  never.get_future().wait();
  return nullptr;
}

}  // namespace

extern "C" {
ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open,
          ZooEvent, ZooClose);
}
