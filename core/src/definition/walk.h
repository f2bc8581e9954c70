// Visits every number and string of a message, wherever it is nested.
#pragma once

#include <functional>
#include <string>

namespace google::protobuf {
class Message;
}

namespace payload_manager {

// One of the two is there.
struct Scalar {
  const double* number = nullptr;  // a float or double
  const std::string* text = nullptr;
};

// Calls `visit` with the path of each set floating-point and string field, as in
// "preset_configurations[1].mount_tform_payload.position.x".
void ForEachScalar(const google::protobuf::Message& message,
                   const std::function<void(const std::string& path, const Scalar&)>& visit);

}  // namespace payload_manager
