// Small files that must be whole and private: credentials, certificates, user lists.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "payload_manager/base/outcome.h"

namespace payload_manager {

enum class FileMode { kPrivate, kPublic };  // 0600 and 0644, whatever the umask

// Replaces `path` with `content` so that a reader, or a machine that loses power, sees the old file
// or the new one and nothing between (temporary file beside it, fsync, rename, fsync of the
// folder). Missing folders are made, private ones 0700, and brought to the disk as well. Blocks on
// the disk. On failure the old file is untouched and nothing is left beside it.
Checked<Done> WriteFileAtomically(const std::filesystem::path& path, std::string_view content,
                                  FileMode mode);

// Like WriteFileAtomically, but fails if `path` exists already, even if another process creates
// it at this moment. Works with and without hard links.
Checked<Done> CreateFileAtomically(const std::filesystem::path& path, std::string_view content,
                                   FileMode mode);

// The content of a regular file of at most `limit` bytes. Blocks on the disk.
Checked<std::string> ReadSmallFile(const std::filesystem::path& path,
                                   std::size_t limit = 4 * 1024 * 1024);

// Like ReadSmallFile, for a file with secrets: refuses one that anybody but its owner may read or
// write, and says which chmod mends it.
Checked<std::string> ReadPrivateFile(const std::filesystem::path& path,
                                     std::size_t limit = 64 * 1024);

}  // namespace payload_manager
