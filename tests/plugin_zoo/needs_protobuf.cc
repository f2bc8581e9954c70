// Links Protobuf as a careless vendor would.
#include <google/protobuf/descriptor.h>

#include "zoo.h"

namespace {

void* Open(const payload_plugin_host* host) {
  google::protobuf::DescriptorPool pool;
  return pool.FindMessageTypeByName("animal") == nullptr ? ZooOpen(host) : nullptr;
}

}  // namespace

extern "C" {
ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open,
          ZooEvent, ZooClose);
}
