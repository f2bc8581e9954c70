#include "plugin/inspect.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

#include "payload_manager/base/text.h"
#include "plugin/elf_file.h"

namespace payload_manager {
namespace {

// A file's bytes, mapped for reading.
class MappedFile {
 public:
  // An errno value on failure; 0 with no bytes for an empty file.
  int Open(const std::filesystem::path& path) {
    // Not blocking: a named pipe without a writer would keep us for ever.
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return errno;
    struct stat status {};
    int error = fstat(fd, &status) != 0 ? errno : 0;
    if (error == 0 && !S_ISREG(status.st_mode)) error = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    if (error == 0 && status.st_size > 0) {
      size_ = static_cast<std::size_t>(status.st_size);
      data_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
      if (data_ == MAP_FAILED) error = errno;
    }
    close(fd);
    return error;
  }
  MappedFile() = default;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile() {
    if (data_ != MAP_FAILED) munmap(data_, size_);
  }
  std::string_view bytes() const {
    return data_ == MAP_FAILED ? std::string_view()
                               : std::string_view(static_cast<const char*>(data_), size_);
  }

 private:
  void* data_ = MAP_FAILED;
  std::size_t size_ = 0;
};

bool IsProtobufLibrary(std::string_view name) {
  const auto slash = name.rfind('/');
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  for (const std::string_view start : {"libprotobuf", "libprotoc.", "libgrpc", "libgpr."}) {
    if (name.starts_with(start)) return true;
  }
  return false;
}

bool IsProtobufSymbol(std::string_view name) {
  // C++ names of the namespaces google::protobuf and grpc, and gRPC's C names.
  return name.find("6google8protobuf") != std::string_view::npos || name.starts_with("_ZN4grpc") ||
         name.starts_with("_ZNK4grpc") || name.starts_with("grpc_") || name.starts_with("gpr_");
}

// What of Protobuf or gRPC the file needs or contains, or nothing.
std::optional<std::string> ProtobufIn(const ElfFile& elf, std::string_view bytes) {
  for (const std::string_view library : elf.needed()) {
    if (IsProtobufLibrary(library)) return "needs " + OneLine(std::string(library), 100);
  }
  for (const auto* symbols : {&elf.dynamic_symbols(), &elf.static_symbols()}) {
    for (const ElfSymbol& symbol : *symbols) {
      if (IsProtobufSymbol(symbol.name)) {
        return (symbol.defined ? "contains " : "needs ") + OneLine(std::string(symbol.name), 100);
      }
    }
  }
  // Linked in, hidden and stripped of its names, Protobuf still carries its own description; that
  // is what a second copy would clash over.
  if (bytes.find("google/protobuf/descriptor.proto") != std::string_view::npos) {
    return "contains Protobuf's own definitions";
  }
  return std::nullopt;
}

PluginRefusal RefusalFor(ElfProblem::Kind kind) {
  switch (kind) {
    case ElfProblem::Kind::kNotShared:
      return PluginRefusal::kNotASharedLibrary;
    case ElfProblem::Kind::kOtherMachine:
      return PluginRefusal::kOtherMachine;
    case ElfProblem::Kind::kDamaged:
      return PluginRefusal::kDamaged;
  }
  return PluginRefusal::kDamaged;
}

std::string AdviceFor(PluginRefusal refusal) {
  switch (refusal) {
    case PluginRefusal::kOtherMachine:
      return "build it for this machine";
    case PluginRefusal::kDamaged:
      return "it is damaged: build it or copy it anew";
    default:
      return "build it with payload_manager_add_plugin of the plugin SDK";
  }
}

}  // namespace

std::string_view ToString(PluginRefusal refusal) {
  switch (refusal) {
    case PluginRefusal::kMissing:
      return "missing";
    case PluginRefusal::kUnreadable:
      return "unreadable";
    case PluginRefusal::kNotASharedLibrary:
      return "not a shared library";
    case PluginRefusal::kDamaged:
      return "damaged";
    case PluginRefusal::kOtherMachine:
      return "other machine";
    case PluginRefusal::kNoEntrySymbol:
      return "no entry symbol";
    case PluginRefusal::kWrongMagic:
      return "wrong magic";
    case PluginRefusal::kWrongVersion:
      return "wrong version";
    case PluginRefusal::kTruncatedEntry:
      return "truncated entry";
    case PluginRefusal::kOwnProtobuf:
      return "own Protobuf";
    case PluginRefusal::kCannotLoad:
      return "cannot load";
    case PluginRefusal::kOpenFailed:
      return "open failed";
    case PluginRefusal::kBadOffer:
      return "bad offer";
  }
  return "unknown";
}

Failed<PluginProblem> Refuse(PluginRefusal reason, const std::filesystem::path& path,
                             const std::string& what) {
  // A path is a stranger's text too; none is longer than this.
  return Failed{PluginProblem{reason, OneLine(path.string(), PATH_MAX) + ": " + what}};
}

BasicOutcome<Done, PluginProblem> CheckEntry(const EntryNumbers& numbers, std::uint64_t available,
                                             const std::filesystem::path& path) {
  const std::string entry = "its " PAYLOAD_PLUGIN_ENTRY_SYMBOL " ";
  if (numbers.magic != PAYLOAD_PLUGIN_MAGIC) {
    return Refuse(PluginRefusal::kWrongMagic, path,
                  entry +
                      "does not begin with PAYLOAD_PLUGIN_MAGIC; define it as the plugin SDK's "
                      "payload_plugin.h says");
  }
  // While the interface is a draft, its minor versions may differ in anything.
  const bool draft = PAYLOAD_PLUGIN_MAJOR == 0;
  if (numbers.major != PAYLOAD_PLUGIN_MAJOR || (draft && numbers.minor != PAYLOAD_PLUGIN_MINOR)) {
    return Refuse(
        PluginRefusal::kWrongVersion, path,
        "speaks version " + std::to_string(numbers.major) + "." + std::to_string(numbers.minor) +
            " of the plugin interface, and this program " + std::to_string(PAYLOAD_PLUGIN_MAJOR) +
            "." + std::to_string(PAYLOAD_PLUGIN_MINOR) + "; build it with this program's SDK");
  }
  if (numbers.size < sizeof(payload_plugin_entry_v0) || numbers.size > available) {
    return Refuse(PluginRefusal::kTruncatedEntry, path,
                  entry + "claims " + std::to_string(numbers.size) + " bytes and has " +
                      std::to_string(available) + ", where at least " +
                      std::to_string(sizeof(payload_plugin_entry_v0)) +
                      " are needed; build it with this program's SDK");
  }
  return Done{};
}

BasicOutcome<PluginFile, PluginProblem> InspectBytes(std::string_view bytes,
                                                     const std::filesystem::path& path) {
  const auto elf = ElfFile::Parse(bytes);
  if (!elf) {
    const PluginRefusal refusal = RefusalFor(elf.error().kind);
    return Refuse(refusal, path, elf.error().what + "; " + AdviceFor(refusal));
  }
  // Before the entry: a library full of Protobuf is best told so, plugin or not.
  if (const auto protobuf = ProtobufIn(*elf, bytes)) {
    return Refuse(PluginRefusal::kOwnProtobuf, path,
                  *protobuf +
                      "; a process cannot hold Protobuf or gRPC twice, so hand the "
                      "definition over as bytes or text and link neither");
  }
  const auto& symbols = elf->dynamic_symbols();
  const auto symbol = std::find_if(symbols.begin(), symbols.end(), [](const ElfSymbol& s) {
    return s.defined && s.is_data && s.name == PAYLOAD_PLUGIN_ENTRY_SYMBOL;
  });
  if (symbol == symbols.end()) {
    return Refuse(PluginRefusal::kNoEntrySymbol, path,
                  "does not export the constant " PAYLOAD_PLUGIN_ENTRY_SYMBOL
                  "; if it is a payload plugin, " +
                      AdviceFor(PluginRefusal::kNoEntrySymbol));
  }
  EntryNumbers numbers;
  if (symbol->size < sizeof(numbers)) {
    return Refuse(PluginRefusal::kTruncatedEntry, path,
                  "its " PAYLOAD_PLUGIN_ENTRY_SYMBOL " has only " + std::to_string(symbol->size) +
                      " bytes; define it as the plugin SDK's payload_plugin.h says");
  }
  // What the file does not hold is zero when loaded, and so no magic.
  if (const auto raw = elf->At(symbol->address, sizeof(numbers))) {
    std::memcpy(&numbers, raw->data(), sizeof(numbers));
  }
  if (auto checked = CheckEntry(numbers, symbol->size, path); !checked) {
    return Failed{std::move(checked).error()};
  }
  PluginFile file{path, numbers.major, numbers.minor, {}};
  file.needed.assign(elf->needed().begin(), elf->needed().end());
  return file;
}

BasicOutcome<PluginFile, PluginProblem> InspectPlugin(const std::filesystem::path& path) {
  MappedFile file;
  switch (const int error = file.Open(path)) {
    case 0:
      return InspectBytes(file.bytes(), path);
    case ENOENT:
    case ENOTDIR:
      return Refuse(PluginRefusal::kMissing, path, "there is no such file; check the path");
    case EISDIR:
      return Refuse(PluginRefusal::kUnreadable, path,
                    "is a directory; name a file, or give it as a directory of plugins");
    case EINVAL:
      return Refuse(PluginRefusal::kUnreadable, path,
                    "is not a regular file; name a shared library");
    default:
      return Refuse(
          PluginRefusal::kUnreadable, path,
          "cannot be read: " + std::string(std::strerror(error)) + "; let this user read it");
  }
}

}  // namespace payload_manager
