// Its static constructor never returns, and so keeps the loader's lock. Says so first.
#include <cstdio>
#include <future>

#include "zoo.h"

namespace {

struct Hanging {
  Hanging() {
    std::fputs("hanging\n", stderr);
    std::promise<void> never;
    never.get_future().wait();
  }
} hanging;

}  // namespace

extern "C" {
ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, ZooOpen,
          ZooEvent, ZooClose);
}
