// Hostile files: whatever is done to a plugin's bytes, looking at it must answer and stay in bounds
// (the sanitizers watch).
#include <elf.h>

#include <cstring>
#include <memory>
#include <random>

#include "plugin/inspect.h"
#include "zoo.h"

namespace payload_manager {
namespace {

// A plugin's bytes in memory that ends where they end, so that one byte too far is noticed.
class Bytes {
 public:
  explicit Bytes(std::string_view original)
      : size_(original.size()), data_(std::make_unique<char[]>(size_)) {
    Put(0, original);
  }
  std::size_t size() const { return size_; }
  char& operator[](std::size_t i) { return data_[i]; }
  void Put(std::size_t at, std::string_view bytes) {
    std::memcpy(data_.get() + at, bytes.data(), bytes.size());
  }
  BasicOutcome<PluginFile, PluginProblem> Look() const {
    return InspectBytes({data_.get(), size_}, "a.so");
  }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> data_;
};

std::string Original() { return BytesOf(Animal("twin_a")); }

template <typename T>
T At(std::string_view bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}
template <typename T>
void Append(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

// A plugin with a section table of its own at the end of the file.
std::string WithSections(std::string bytes, const std::vector<Elf64_Shdr>& sections) {
  auto header = At<Elf64_Ehdr>(bytes, 0);
  header.e_shoff = bytes.size();
  header.e_shnum = static_cast<Elf64_Half>(sections.size());
  std::memcpy(bytes.data(), &header, sizeof(header));
  for (const Elf64_Shdr& section : sections) Append(bytes, section);
  return bytes;
}

void ExpectDamaged(std::string_view bytes, const std::string& saying) {
  const auto file = InspectBytes(bytes, "a.so");
  ASSERT_FALSE(file.ok());
  ExpectProblem(file.error(), PluginRefusal::kDamaged, "a.so", saying);
}

TEST(HostilePlugin, CannotHaveItsSymbolsReadOftenerThanOnce) {
  const std::string original = Original();
  const auto header = At<Elf64_Ehdr>(original, 0);
  Elf64_Shdr symbols{};
  Elf64_Shdr names{};
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const auto section = At<Elf64_Shdr>(original, header.e_shoff + i * sizeof(Elf64_Shdr));
    if (section.sh_type != SHT_SYMTAB) continue;
    symbols = section;
    names = At<Elf64_Shdr>(original, header.e_shoff + section.sh_link * sizeof(Elf64_Shdr));
  }
  ASSERT_GT(symbols.sh_size, 0u);
  symbols.sh_link = 0;
  std::vector<Elf64_Shdr> sections = {names, symbols};
  EXPECT_TRUE(InspectBytes(WithSections(original, sections), "a.so").ok());
  sections.resize(0xff00, symbols);
  ExpectDamaged(WithSections(original, sections), "more than one table of symbols");
}

TEST(HostilePlugin, CannotHaveOneLongNameReadForEachSymbol) {
  std::string bytes = Original();
  Elf64_Shdr names{};
  names.sh_type = SHT_STRTAB;
  names.sh_offset = bytes.size();
  names.sh_size = 100'000;
  bytes.append(names.sh_size - 1, 'x');
  bytes.push_back('\0');
  Elf64_Shdr symbols{};
  symbols.sh_type = SHT_SYMTAB;
  symbols.sh_offset = bytes.size();
  symbols.sh_size = 10'000 * sizeof(Elf64_Sym);
  bytes.append(symbols.sh_size, '\0');
  ExpectDamaged(WithSections(bytes, {names, symbols}), "table of symbols");
}

TEST(HostilePlugin, CannotNeedALibraryOfALongNameAgainAndAgain) {
  std::string bytes = Original();
  const auto header = At<Elf64_Ehdr>(bytes, 0);
  // In place of the last part to load, a table of one long name; and a list of who needs it.
  constexpr Elf64_Addr kFarAway = 0x10000000;
  const std::string name(60'000, 'x');
  std::size_t last_load = 0;
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    const std::size_t at = header.e_phoff + i * sizeof(Elf64_Phdr);
    auto segment = At<Elf64_Phdr>(bytes, at);
    if (segment.p_type == PT_LOAD) last_load = at;
    if (segment.p_type != PT_DYNAMIC) continue;
    std::vector<Elf64_Dyn> table(60'000);
    for (Elf64_Dyn& entry : table) entry.d_tag = DT_NEEDED;
    table[0].d_tag = DT_STRTAB;
    table[0].d_un.d_ptr = kFarAway;
    table[1].d_tag = DT_STRSZ;
    table[1].d_un.d_val = name.size() + 1;
    segment.p_offset = bytes.size();
    segment.p_filesz = table.size() * sizeof(Elf64_Dyn);
    std::memcpy(bytes.data() + at, &segment, sizeof(segment));
    for (const Elf64_Dyn& entry : table) Append(bytes, entry);
  }
  auto load = At<Elf64_Phdr>(bytes, last_load);
  load.p_vaddr = kFarAway;
  load.p_offset = bytes.size();
  load.p_filesz = name.size() + 1;
  std::memcpy(bytes.data() + last_load, &load, sizeof(load));
  bytes += name + '\0';
  ExpectDamaged(bytes, "needs a library without a proper name");
}

TEST(HostilePlugin, CutShortAnywhereIsRefused) {
  const std::string original = Original();
  ASSERT_TRUE(Bytes(original).Look().ok());
  for (std::size_t length = 0; length < original.size(); ++length) {
    const auto file = Bytes(original.substr(0, length)).Look();
    ASSERT_FALSE(file.ok()) << length;
    const auto expected = length < 4 ? PluginRefusal::kNotASharedLibrary : PluginRefusal::kDamaged;
    ASSERT_EQ(ToString(file.error().reason), ToString(expected)) << length;
  }
}

TEST(HostilePlugin, SurvivesFlippedBitsEverywhere) {
  Bytes bytes(Original());
  std::size_t refused = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    // Every bit of the headers, one bit of every byte after them.
    for (std::size_t bit = i < 512 ? 0 : i % 8; bit < (i < 512 ? 8 : i % 8 + 1); ++bit) {
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
      refused += bytes.Look().ok() ? 0 : 1;
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
    }
  }
  EXPECT_GT(refused, 300u);  // the headers alone have that many bits that matter
}

TEST(HostilePlugin, SurvivesWildNumbersInItsHeadersAndTables) {
  const std::string original = Original();
  Bytes bytes(original);
  const std::uint64_t wild[] = {0,
                                1,
                                0xffff,
                                0xffffffff,
                                original.size(),
                                original.size() + 1,
                                0x7fffffffffffffff,
                                0xfffffffffffffff0,
                                0xffffffffffffffff};
  for (std::size_t i = 0; i + 8 <= original.size(); i += 8) {
    for (const std::uint64_t number : wild) {
      bytes.Put(i, {reinterpret_cast<const char*>(&number), sizeof(number)});
      (void)bytes.Look();
    }
    bytes.Put(i, std::string_view(original).substr(i, 8));
  }
}

TEST(HostilePlugin, SurvivesManyChangesAtOnce) {
  const std::string original = Original();
  std::mt19937 random(20240607);
  for (int round = 0; round < 4000; ++round) {
    Bytes bytes(std::string_view(original).substr(
        0, round % 8 == 0 ? random() % original.size() : original.size()));
    // Mostly where it hurts: the ELF header, the program headers and the tables behind them. The
    // first four bytes stay, or it would be no ELF file.
    const std::size_t reach =
        round % 4 == 0 ? bytes.size() : std::min<std::size_t>(1500, bytes.size());
    for (unsigned changes = 1 + random() % 6; changes > 0 && reach > 4; --changes) {
      bytes[4 + random() % (reach - 4)] = static_cast<char>(random());
    }
    (void)bytes.Look();
  }
}

}  // namespace
}  // namespace payload_manager
