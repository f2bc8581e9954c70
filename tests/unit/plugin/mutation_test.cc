// Hostile files: whatever is done to a plugin's bytes, looking at it must answer and stay in bounds
// (the sanitizers watch).
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
