#include "payload_manager/base/completion_scope.h"

namespace payload_manager {
namespace {

thread_local int depth = 0;

}  // namespace

bool InCompletion() { return depth > 0; }

CompletionScope::CompletionScope() { ++depth; }
CompletionScope::~CompletionScope() { --depth; }

}  // namespace payload_manager
