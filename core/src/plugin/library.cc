#include "plugin/library.h"

#include <dlfcn.h>

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>

#include "payload_manager/base/text.h"

namespace payload_manager {

struct Library::Impl {
  boost::dll::shared_library library;
};

Library::Library(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Library::Library(Library&&) noexcept = default;
Library& Library::operator=(Library&&) noexcept = default;
Library::~Library() = default;

Checked<Library> Library::Load(const std::filesystem::path& path) {
  auto impl = std::make_unique<Impl>();
  dlerror();  // forgets what others have left
  std::error_code error;
  impl->library.load(path, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local,
                     error);
  if (error) {
    const char* const words = dlerror();
    return Failed{Problem{OneLine(words != nullptr ? words : error.message())}};
  }
  return Library(std::move(impl));
}

const void* Library::Find(const char* symbol) const {
  return impl_->library.has(symbol) ? &impl_->library.get<const char>(symbol) : nullptr;
}

}  // namespace payload_manager
