// Request and answer of a call in one piece of memory: parsing a payload piece by piece from the
// heap, and giving the pieces back, would cost more than everything the robot does with it.
#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/support/message_allocator.h>

#include <new>

#include "base/tsan.h"
#include "services/message_blocks.h"

namespace mock_robot {

// For the SetMessageAllocatorFor_... of a service, which it must outlive. Whoever has worked on the
// messages says so by ReleaseMessages before the call is finished. Threads: gRPC's, any.
template <typename Request, typename Response>
class ArenaMessages final : public grpc::MessageAllocator<Request, Response> {
 public:
  grpc::MessageHolder<Request, Response>* AllocateMessages() override {
    return new (blocks_.Take()) Holder(blocks_);
  }

 private:
  // Lives at the start of its block, its arena in the rest.
  class Holder final : public grpc::MessageHolder<Request, Response> {
   public:
    explicit Holder(MessageBlocks& blocks) : blocks_(blocks), arena_(Rest()) {
      this->set_request(google::protobuf::Arena::CreateMessage<Request>(&arena_));
      this->set_response(google::protobuf::Arena::CreateMessage<Response>(&arena_));
    }
    void Release() override {
      payload_manager::AcquireFromGrpc(static_cast<grpc::RpcAllocatorState*>(this));
      MessageBlocks& blocks = blocks_;
      this->~Holder();
      blocks.Give(this);
    }

   private:
    google::protobuf::ArenaOptions Rest() {
      google::protobuf::ArenaOptions options;
      options.initial_block = reinterpret_cast<char*>(this) + sizeof(Holder);
      options.initial_block_size = MessageBlocks::kBytes - sizeof(Holder);
      options.start_block_size = MessageBlocks::kBytes;
      return options;
    }

    MessageBlocks& blocks_;
    google::protobuf::Arena arena_;
  };

  MessageBlocks blocks_;
};

// To be called where ReleaseToGrpc is.
template <typename Context>
void ReleaseMessages(Context* context) {
  if (auto* messages = context->GetRpcAllocatorState()) payload_manager::ReleaseToGrpc(messages);
}

}  // namespace mock_robot
