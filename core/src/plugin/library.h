// One shared library in this process. The only place that knows Boost.DLL.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "payload_manager/base/outcome.h"

namespace payload_manager {

// Threads: like any value. Destroying it unmaps the library, if it was the last to use it.
class Library {
 public:
  // Resolves every symbol at once, so that nothing is missed later, and adds none of the library's
  // to other libraries' scope. Not with deep binding, which breaks AddressSanitizer. The problem
  // has the words of the system's loader. Runs static constructors.
  static Checked<Library> Load(const std::filesystem::path& path);

  Library(Library&&) noexcept;
  Library& operator=(Library&&) noexcept;
  ~Library();

  // The address of a variable, or null.
  const void* Find(const char* symbol) const;

 private:
  struct Impl;
  explicit Library(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace payload_manager
