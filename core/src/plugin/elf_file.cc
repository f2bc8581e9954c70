#include "plugin/elf_file.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace payload_manager {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kOurMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kOurMachine = EM_AARCH64;
#elif defined(__riscv) && __riscv_xlen == 64
constexpr Elf64_Half kOurMachine = EM_RISCV;
#else
#error "name the e_machine of this processor here"
#endif
constexpr unsigned char kOurByteOrder =
    std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

std::string MachineName(Elf64_Half machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_AARCH64:
      return "aarch64";
    case EM_386:
      return "32-bit x86";
    case EM_ARM:
      return "32-bit ARM";
    case EM_RISCV:
      return "RISC-V";
    default:
      return "machine number " + std::to_string(machine);
  }
}

ElfProblem Damaged(const std::string& what) { return {ElfProblem::Kind::kDamaged, what}; }

// The `index`th T of `table`, which must hold it. By copy: nothing in a file is aligned for sure.
template <typename T>
T ElementOf(std::string_view table, std::size_t index) {
  T element;
  std::memcpy(&element, table.data() + index * sizeof(T), sizeof(T));
  return element;
}

// Linkers let symbols share names and the ends of names, so that all names together may be longer
// than the file; honest ones stay far below this many times.
constexpr std::uint64_t kMostNameBytesPerByte = 8;
// Linkers make a handful.
constexpr std::size_t kMostLoads = 64;

}  // namespace

struct ElfFile::DynamicTables {
  std::uint64_t strings = 0, strings_size = 0, symbols = 0, hash = 0, gnu_hash = 0;
  std::vector<std::uint64_t> needed;
  bool executable = false;
};

BasicOutcome<ElfFile, ElfProblem> ElfFile::Parse(std::string_view bytes) {
  ElfFile file(bytes);
  for (const auto step : {&ElfFile::CheckHeader, &ElfFile::ReadSegments, &ElfFile::ReadDynamic,
                          &ElfFile::ReadSections}) {
    if (auto problem = (file.*step)()) return Failed{*std::move(problem)};
  }
  return file;
}

std::optional<std::string_view> ElfFile::Slice(std::uint64_t offset, std::uint64_t size) const {
  if (offset > bytes_.size() || size > bytes_.size() - offset) return std::nullopt;
  return bytes_.substr(offset, size);
}

std::optional<std::string_view> ElfFile::At(std::uint64_t address, std::uint64_t size) const {
  for (const Elf64_Phdr& load : loads_) {
    if (address < load.p_vaddr) continue;
    const std::uint64_t inside = address - load.p_vaddr;
    if (inside <= load.p_filesz && size <= load.p_filesz - inside) {
      return bytes_.substr(load.p_offset + inside, size);  // loads_ lie within the file
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> ElfFile::NameIn(std::string_view strings, std::uint64_t offset) {
  if (offset >= strings.size()) return std::nullopt;
  const std::uint64_t left = kMostNameBytesPerByte * bytes_.size() - name_bytes_read_;
  const std::string_view rest = strings.substr(offset, left);
  const auto end = rest.find('\0');
  name_bytes_read_ += end == std::string_view::npos ? rest.size() : end;
  if (end == std::string_view::npos) return std::nullopt;
  return rest.substr(0, end);
}

ElfFile::MaybeProblem ElfFile::CheckHeader() {
  using Kind = ElfProblem::Kind;
  if (!bytes_.starts_with(ELFMAG)) return ElfProblem{Kind::kNotShared, "is not a shared library"};
  if (bytes_.size() < sizeof(header_)) return Damaged("ends within its header");
  header_ = ElementOf<Elf64_Ehdr>(bytes_, 0);
  if (header_.e_ident[EI_CLASS] != ELFCLASS64 || header_.e_ident[EI_DATA] != kOurByteOrder) {
    return ElfProblem{
        Kind::kOtherMachine,
        "is not built for a 64-bit machine with the byte order of " + MachineName(kOurMachine)};
  }
  if (header_.e_machine != kOurMachine) {
    return ElfProblem{Kind::kOtherMachine, "is built for " + MachineName(header_.e_machine) +
                                               ", and this program runs on " +
                                               MachineName(kOurMachine)};
  }
  if (header_.e_type != ET_DYN) {
    return ElfProblem{Kind::kNotShared, "is an ELF file, but not a shared library"};
  }
  return std::nullopt;
}

ElfFile::MaybeProblem ElfFile::ReadSegments() {
  const auto table =
      header_.e_phentsize == sizeof(Elf64_Phdr)
          ? Slice(header_.e_phoff, std::uint64_t{header_.e_phnum} * sizeof(Elf64_Phdr))
          : std::nullopt;
  if (!table) return Damaged("has no proper program headers");
  for (std::size_t i = 0; i < header_.e_phnum; ++i) {
    const auto segment = ElementOf<Elf64_Phdr>(*table, i);
    if (segment.p_type != PT_LOAD && segment.p_type != PT_DYNAMIC) continue;
    // The system's loader maps what is missing all the same, and touching it kills the process.
    if (!Slice(segment.p_offset, segment.p_filesz)) return Damaged("ends too early");
    if (segment.p_type == PT_LOAD) {
      if (loads_.size() == kMostLoads) return Damaged("has too many parts to load");
      loads_.push_back(segment);
    } else {
      dynamic_ = segment;
    }
  }
  if (!dynamic_) return ElfProblem{ElfProblem::Kind::kNotShared, "has nothing to link dynamically"};
  return std::nullopt;
}

ElfFile::MaybeProblem ElfFile::ReadDynamic() {
  const std::string_view table = *Slice(dynamic_->p_offset, dynamic_->p_filesz);
  DynamicTables tables;
  for (std::size_t i = 0; i < table.size() / sizeof(Elf64_Dyn); ++i) {
    const auto entry = ElementOf<Elf64_Dyn>(table, i);
    if (entry.d_tag == DT_NULL) break;
    switch (entry.d_tag) {
      case DT_STRTAB:
        tables.strings = entry.d_un.d_ptr;
        break;
      case DT_STRSZ:
        tables.strings_size = entry.d_un.d_val;
        break;
      case DT_SYMTAB:
        tables.symbols = entry.d_un.d_ptr;
        break;
      case DT_HASH:
        tables.hash = entry.d_un.d_ptr;
        break;
      case DT_GNU_HASH:
        tables.gnu_hash = entry.d_un.d_ptr;
        break;
      case DT_NEEDED:
        tables.needed.push_back(entry.d_un.d_val);
        break;
      case DT_FLAGS_1:
        tables.executable = (entry.d_un.d_val & DF_1_PIE) != 0;
        break;
      default:
        break;
    }
  }
  if (tables.executable) {
    return ElfProblem{ElfProblem::Kind::kNotShared, "is a program, not a shared library"};
  }
  return ReadDynamicSymbols(tables);
}

ElfFile::MaybeProblem ElfFile::ReadDynamicSymbols(const DynamicTables& tables) {
  const auto strings = At(tables.strings, tables.strings_size);
  if (!strings) return Damaged("has no proper table of names");
  for (const std::uint64_t offset : tables.needed) {
    const auto name = NameIn(*strings, offset);
    if (!name) return Damaged("needs a library without a proper name");
    needed_.push_back(*name);
  }
  std::optional<std::uint64_t> count = 0;
  if (tables.gnu_hash != 0) {
    count = CountByGnuHash(tables.gnu_hash);
  } else if (tables.hash != 0) {
    count = CountByHash(tables.hash);
  }
  // A file has fewer symbols than bytes, so the product below cannot overflow.
  if (!count || *count > bytes_.size()) return Damaged("has no proper symbol index");
  const auto symbols = At(tables.symbols, *count * sizeof(Elf64_Sym));
  if (!symbols || !AppendSymbols(*symbols, *strings, dynamic_symbols_)) {
    return Damaged("has no proper symbol table");
  }
  return std::nullopt;
}

// The GNU index does not hold the number of symbols: it is one more than the last one of the last
// chain, and a chain ends with an odd hash.
std::optional<std::uint64_t> ElfFile::CountByGnuHash(std::uint64_t address) const {
  struct Header {
    std::uint32_t buckets, first_symbol, bloom_words, bloom_shift;
  };
  const auto raw = At(address, sizeof(Header));
  if (!raw) return std::nullopt;
  const auto header = ElementOf<Header>(*raw, 0);
  const std::uint64_t buckets_at =
      address + sizeof(Header) + std::uint64_t{header.bloom_words} * sizeof(std::uint64_t);
  const std::uint64_t chains_at =
      buckets_at + std::uint64_t{header.buckets} * sizeof(std::uint32_t);
  const auto buckets = At(buckets_at, chains_at - buckets_at);
  if (!buckets) return std::nullopt;
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < header.buckets; ++i) {
    last = std::max<std::uint64_t>(last, ElementOf<std::uint32_t>(*buckets, i));
  }
  if (last == 0) return header.first_symbol;  // nothing is exported
  if (last < header.first_symbol) return std::nullopt;
  for (;; ++last) {  // ends at the latest where the file does
    const auto hash =
        At(chains_at + (last - header.first_symbol) * sizeof(std::uint32_t), sizeof(std::uint32_t));
    if (!hash) return std::nullopt;
    if (ElementOf<std::uint32_t>(*hash, 0) & 1) return last + 1;
  }
}

std::optional<std::uint64_t> ElfFile::CountByHash(std::uint64_t address) const {
  const auto header = At(address, 2 * sizeof(std::uint32_t));
  if (!header) return std::nullopt;
  return ElementOf<std::uint32_t>(*header, 1);
}

bool ElfFile::AppendSymbols(std::string_view table, std::string_view strings,
                            std::vector<ElfSymbol>& symbols) {
  const std::size_t count = table.size() / sizeof(Elf64_Sym);
  symbols.reserve(count);
  for (std::size_t i = 1; i < count; ++i) {  // the first is a placeholder
    const auto raw = ElementOf<Elf64_Sym>(table, i);
    const auto name = NameIn(strings, raw.st_name);
    if (!name) return false;
    const auto binding = ELF64_ST_BIND(raw.st_info);
    const auto visibility = ELF64_ST_VISIBILITY(raw.st_other);
    symbols.push_back({.name = *name,
                       .defined = raw.st_shndx != SHN_UNDEF,
                       .is_data = ELF64_ST_TYPE(raw.st_info) == STT_OBJECT &&
                                  (binding == STB_GLOBAL || binding == STB_WEAK) &&
                                  (visibility == STV_DEFAULT || visibility == STV_PROTECTED),
                       .address = raw.st_value,
                       .size = raw.st_size});
  }
  return true;
}

// Sections do not matter for loading and may have been stripped, but where they are promised they
// must be there: files cut short in a copy usually lose just their end.
ElfFile::MaybeProblem ElfFile::ReadSections() {
  if (header_.e_shoff == 0 || header_.e_shnum == 0) return std::nullopt;
  const auto table =
      header_.e_shentsize == sizeof(Elf64_Shdr)
          ? Slice(header_.e_shoff, std::uint64_t{header_.e_shnum} * sizeof(Elf64_Shdr))
          : std::nullopt;
  if (!table) return Damaged("ends too early");
  bool seen = false;
  for (std::size_t i = 0; i < header_.e_shnum; ++i) {
    const auto section = ElementOf<Elf64_Shdr>(*table, i);
    if (section.sh_type != SHT_SYMTAB) continue;
    if (seen) return Damaged("has more than one table of symbols");
    seen = true;
    if (section.sh_link >= header_.e_shnum) return Damaged("has symbols without names");
    const auto names = ElementOf<Elf64_Shdr>(*table, section.sh_link);
    const auto symbols = Slice(section.sh_offset, section.sh_size);
    const auto strings = Slice(names.sh_offset, names.sh_size);
    if (!symbols || !strings || !AppendSymbols(*symbols, *strings, static_symbols_)) {
      return Damaged("has no proper table of symbols");
    }
  }
  return std::nullopt;
}

}  // namespace payload_manager
