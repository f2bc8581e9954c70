// All generated files of protos/bosdyn/api, linked in and walked by way of the descriptor pool.
#ifndef TESTS_UNIT_WIRE_SPOT_API_FILES_H_
#define TESTS_UNIT_WIRE_SPOT_API_FILES_H_

#include <google/protobuf/descriptor.h>

#include <vector>

namespace wire_test {

// Every generated file of ours under bosdyn/api. A null pointer stands for a file that the pool
// does not know.
std::vector<const google::protobuf::FileDescriptor*> SpotApiFiles();

// Every message and every enum of those files, nested ones included, map entries left out.
std::vector<const google::protobuf::Descriptor*> SpotApiMessages();
std::vector<const google::protobuf::EnumDescriptor*> SpotApiEnums();

}  // namespace wire_test

#endif  // TESTS_UNIT_WIRE_SPOT_API_FILES_H_
