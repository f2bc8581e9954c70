// The memory in which an answer is kept.
#pragma once

#include <google/protobuf/arena.h>

#include <cstddef>
#include <memory>
#include <utility>

#include "bosdyn/api/payload.pb.h"

namespace payload_manager {

// An answer and all that is in it in one piece: a header alone would otherwise be half a dozen.
template <typename Response>
struct AnswerInOnePiece {
  // With what belongs to it in one of the sizes that the heap hands out fastest; that of a header
  // and a status. What does not fit comes from the heap.
  alignas(std::max_align_t) char memory[800];
  google::protobuf::Arena arena{memory, sizeof memory};
  Response* const message = google::protobuf::Arena::CreateMessage<Response>(&arena);
};

template <typename Response>
std::shared_ptr<Response> MakeAnswer() {
  auto whole = std::make_shared<AnswerInOnePiece<Response>>();
  Response* const message = whole->message;
  return {std::move(whole), message};
}

// One that is handed out as a value, for which it has to be on the heap.
template <>
inline std::shared_ptr<bosdyn::api::ListPayloadsResponse> MakeAnswer() {
  return std::make_shared<bosdyn::api::ListPayloadsResponse>();
}

}  // namespace payload_manager
