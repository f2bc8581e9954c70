// Request and answer of a call in one piece of memory: parsing a payload piece by piece from the
// heap, and giving the pieces back, would cost more than everything the robot does with it.
#pragma once

#include <google/protobuf/arena.h>

#include <new>

#include "services/message_blocks.h"

namespace mock_robot {

// Lives at the start of its block, its arena in the rest. Threads: one after the other, handed on
// by locks of ours.
template <typename Request, typename Response>
class ArenaMessages {
 public:
  // To be given back before the call is finished; the blocks must live that long.
  static ArenaMessages* Take(MessageBlocks& blocks) {
    return new (blocks.Take()) ArenaMessages(blocks);
  }
  void Give() {
    MessageBlocks& blocks = blocks_;
    this->~ArenaMessages();
    blocks.Give(this);
  }

  Request& request() { return *request_; }
  Response& response() { return *response_; }

 private:
  explicit ArenaMessages(MessageBlocks& blocks)
      : blocks_(blocks),
        arena_(Rest()),
        request_(google::protobuf::Arena::CreateMessage<Request>(&arena_)),
        response_(google::protobuf::Arena::CreateMessage<Response>(&arena_)) {}
  ~ArenaMessages() = default;

  google::protobuf::ArenaOptions Rest() {
    google::protobuf::ArenaOptions options;
    options.initial_block = reinterpret_cast<char*>(this) + sizeof(ArenaMessages);
    options.initial_block_size = MessageBlocks::kBytes - sizeof(ArenaMessages);
    options.start_block_size = MessageBlocks::kBytes;
    return options;
  }

  MessageBlocks& blocks_;
  google::protobuf::Arena arena_;
  Request* const request_;
  Response* const response_;
};

}  // namespace mock_robot
