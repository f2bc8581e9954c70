// Reads what the system's loader would read of an ELF64 shared object, and believes none of it:
// every offset and count is checked against the bytes there are, and parts of the file that overlap
// are not read again and again: time and memory are bounded by its size.
#pragma once

#include <elf.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payload_manager/base/outcome.h"

namespace payload_manager {

struct ElfProblem {
  enum class Kind { kNotShared, kOtherMachine, kDamaged } kind;
  std::string what;  // completes "this file ..."
};

struct ElfSymbol {
  std::string_view name;
  bool defined = false;
  bool is_data = false;       // a variable, visible to other files
  std::uint64_t address = 0;  // before relocation
  std::uint64_t size = 0;
};

// A view: the bytes must outlive it, and its symbols and names point into them. Threads: immutable.
class ElfFile {
 public:
  // Accepts shared objects for the machine this program runs on whose loadable parts are complete.
  static BasicOutcome<ElfFile, ElfProblem> Parse(std::string_view bytes);

  // The libraries it needs (DT_NEEDED).
  const std::vector<std::string_view>& needed() const { return needed_; }
  // What the loader can look up (the dynamic symbols), in the order of the file.
  const std::vector<ElfSymbol>& dynamic_symbols() const { return dynamic_symbols_; }
  // Further symbols that a debugger or profiler would use; none in a stripped file.
  const std::vector<ElfSymbol>& static_symbols() const { return static_symbols_; }

  // `size` bytes at an address, as far as the file holds them (and does not leave them to be zero).
  std::optional<std::string_view> At(std::uint64_t address, std::uint64_t size) const;

 private:
  explicit ElfFile(std::string_view bytes) : bytes_(bytes) {}

  struct DynamicTables;
  using MaybeProblem = std::optional<ElfProblem>;
  MaybeProblem CheckHeader();
  MaybeProblem ReadSegments();
  MaybeProblem ReadDynamic();
  MaybeProblem ReadDynamicSymbols(const DynamicTables& tables);
  MaybeProblem ReadSections();
  std::optional<std::uint64_t> CountByGnuHash(std::uint64_t address) const;
  std::optional<std::uint64_t> CountByHash(std::uint64_t address) const;

  // `size` bytes of the file from `offset`, or nothing.
  std::optional<std::string_view> Slice(std::uint64_t offset, std::uint64_t size) const;
  bool AppendSymbols(std::string_view table, std::string_view strings,
                     std::vector<ElfSymbol>& symbols);
  // The terminated string at `offset` of a string table; nothing if there is none, or if the file
  // has had more names read than one of its size can need.
  std::optional<std::string_view> NameIn(std::string_view strings, std::uint64_t offset);

  std::string_view bytes_;
  std::uint64_t name_bytes_read_ = 0;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Phdr> loads_;
  std::optional<Elf64_Phdr> dynamic_;
  std::vector<std::string_view> needed_;
  std::vector<ElfSymbol> dynamic_symbols_;
  std::vector<ElfSymbol> static_symbols_;
};

}  // namespace payload_manager
