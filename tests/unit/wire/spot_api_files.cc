#include "spot_api_files.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/generated_message_reflection.h>

#include "bosdyn/api/auth.pb.h"
#include "bosdyn/api/auth_service.pb.h"
#include "bosdyn/api/directory.pb.h"
#include "bosdyn/api/directory_registration.pb.h"
#include "bosdyn/api/directory_registration_service.pb.h"
#include "bosdyn/api/directory_service.pb.h"
#include "bosdyn/api/fault_service.pb.h"
#include "bosdyn/api/geometry.pb.h"
#include "bosdyn/api/header.pb.h"
#include "bosdyn/api/parameter.pb.h"
#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/payload_registration.pb.h"
#include "bosdyn/api/payload_registration_service.pb.h"
#include "bosdyn/api/payload_service.pb.h"
#include "bosdyn/api/payload_software_update.pb.h"
#include "bosdyn/api/payload_software_update_initiation.pb.h"
#include "bosdyn/api/payload_software_update_initiation_service.pb.h"
#include "bosdyn/api/payload_software_update_service.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "bosdyn/api/robot_id_service.pb.h"
#include "bosdyn/api/robot_state.pb.h"
#include "bosdyn/api/robot_state_service.pb.h"
#include "bosdyn/api/service_fault.pb.h"
#include "bosdyn/api/software_package.pb.h"
#include "bosdyn/api/time_sync.pb.h"
#include "bosdyn/api/time_sync_service.pb.h"

namespace wire_test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::EnumDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::internal::DescriptorTable;

// A file that holds only a service offers no public symbol that would make a linker take it out of
// a static library; its descriptor table, declared in the generated header, does. In these names
// `_2f` is a slash, `_5f` an underscore and `_2e` a dot.
const DescriptorTable* const kTables[] = {
    &descriptor_table_bosdyn_2fapi_2fauth_2eproto,
    &descriptor_table_bosdyn_2fapi_2fauth_5fservice_2eproto,
    &descriptor_table_bosdyn_2fapi_2fdirectory_2eproto,
    &descriptor_table_bosdyn_2fapi_2fdirectory_5fregistration_2eproto,
    &descriptor_table_bosdyn_2fapi_2fdirectory_5fregistration_5fservice_2eproto,
    &descriptor_table_bosdyn_2fapi_2fdirectory_5fservice_2eproto,
    &descriptor_table_bosdyn_2fapi_2ffault_5fservice_2eproto,
    &descriptor_table_bosdyn_2fapi_2fgeometry_2eproto,
    &descriptor_table_bosdyn_2fapi_2fheader_2eproto,
    &descriptor_table_bosdyn_2fapi_2fparameter_2eproto,
    &descriptor_table_bosdyn_2fapi_2fpayload_2eproto,
    &descriptor_table_bosdyn_2fapi_2fpayload_5fregistration_2eproto,
    &descriptor_table_bosdyn_2fapi_2fpayload_5fregistration_5fservice_2eproto,
    &descriptor_table_bosdyn_2fapi_2fpayload_5fservice_2eproto,
    &descriptor_table_bosdyn_2fapi_2fpayload_5fsoftware_5fupdate_2eproto,
    &descriptor_table_bosdyn_2fapi_2fpayload_5fsoftware_5fupdate_5finitiation_2eproto,
    &descriptor_table_bosdyn_2fapi_2fpayload_5fsoftware_5fupdate_5finitiation_5fservice_2eproto,
    &descriptor_table_bosdyn_2fapi_2fpayload_5fsoftware_5fupdate_5fservice_2eproto,
    &descriptor_table_bosdyn_2fapi_2frobot_5fid_2eproto,
    &descriptor_table_bosdyn_2fapi_2frobot_5fid_5fservice_2eproto,
    &descriptor_table_bosdyn_2fapi_2frobot_5fstate_2eproto,
    &descriptor_table_bosdyn_2fapi_2frobot_5fstate_5fservice_2eproto,
    &descriptor_table_bosdyn_2fapi_2fservice_5ffault_2eproto,
    &descriptor_table_bosdyn_2fapi_2fsoftware_5fpackage_2eproto,
    &descriptor_table_bosdyn_2fapi_2ftime_5fsync_2eproto,
    &descriptor_table_bosdyn_2fapi_2ftime_5fsync_5fservice_2eproto,
};

void AddMessage(const Descriptor* message, std::vector<const Descriptor*>* messages) {
  if (message->options().map_entry()) return;
  messages->push_back(message);
  for (int i = 0; i < message->nested_type_count(); ++i) {
    AddMessage(message->nested_type(i), messages);
  }
}

}  // namespace

std::vector<const FileDescriptor*> SpotApiFiles() {
  std::vector<const FileDescriptor*> files;
  for (const DescriptorTable* table : kTables) {
    files.push_back(DescriptorPool::generated_pool()->FindFileByName(table->filename));
  }
  return files;
}

std::vector<const Descriptor*> SpotApiMessages() {
  std::vector<const Descriptor*> messages;
  for (const FileDescriptor* file : SpotApiFiles()) {
    if (file == nullptr) continue;
    for (int i = 0; i < file->message_type_count(); ++i) {
      AddMessage(file->message_type(i), &messages);
    }
  }
  return messages;
}

std::vector<const EnumDescriptor*> SpotApiEnums() {
  std::vector<const EnumDescriptor*> enums;
  for (const FileDescriptor* file : SpotApiFiles()) {
    if (file == nullptr) continue;
    for (int i = 0; i < file->enum_type_count(); ++i) enums.push_back(file->enum_type(i));
  }
  for (const Descriptor* message : SpotApiMessages()) {
    for (int i = 0; i < message->enum_type_count(); ++i) enums.push_back(message->enum_type(i));
  }
  return enums;
}

}  // namespace wire_test
