// Looking at a file without loading it.
#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "zoo.h"

namespace payload_manager {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

// Root may read everything; for as long as this lives, we are nobody.
class Unprivileged {
 public:
  Unprivileged() {
    if (user_ == 0) {
      EXPECT_EQ(seteuid(65534), 0);
    }
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
  ~Unprivileged() { EXPECT_EQ(seteuid(user_), 0); }

 private:
  const uid_t user_ = geteuid();
};

TEST(InspectPlugin, TellsWhatAGoodPluginIs) {
  const auto file = InspectPlugin(ShippedPlugin("lidar"));
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file->path, ShippedPlugin("lidar"));
  EXPECT_EQ(file->major, 0u);
  EXPECT_EQ(file->minor, 1u);
  EXPECT_THAT(file->needed, Contains(HasSubstr("libc.so")));
}

TEST(InspectPlugin, RefusesAMissingFile) {
  ExpectRefusedUnloaded(Animal("dodo"), PluginRefusal::kMissing, "no such file");
  ExpectRefusedUnloaded(Animal("parrot") / "x.so", PluginRefusal::kMissing, "no such file");
}

TEST(InspectPlugin, RefusesAFileItMayNotRead) {
  const testing::TemporaryFolder directory;
  chmod(directory.path().c_str(), 0755);
  const auto path = directory.Write("a.so", BytesOf(ShippedPlugin("core_io")));
  chmod(path.c_str(), 0);
  const Unprivileged nobody;
  ExpectRefusedUnloaded(path, PluginRefusal::kUnreadable, "Permission denied");
}

TEST(InspectPlugin, RefusesWhatIsNotAFile) {
  const testing::TemporaryFolder directory;
  ExpectRefusedUnloaded(directory.path(), PluginRefusal::kUnreadable, "directory");
  const auto pipe = directory.path() / "pipe.so";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  ExpectRefusedUnloaded(pipe, PluginRefusal::kUnreadable, "not a regular file");
}

TEST(InspectPlugin, RefusesWhatIsNotASharedLibrary) {
  const testing::TemporaryFolder directory;
  for (const std::string bytes : {"", "\x7f", "#!/bin/sh\n", "name: 'lamp'"}) {
    ExpectRefusedUnloaded(directory.Write("a.so", bytes), PluginRefusal::kNotASharedLibrary,
                          "payload_manager_add_plugin");
  }
  ExpectRefusedUnloaded("/proc/self/exe", PluginRefusal::kNotASharedLibrary, "program");
  std::string object = BytesOf(ShippedPlugin("core_io"));
  object[offsetof(Elf64_Ehdr, e_type)] = ET_REL;
  ExpectRefusedUnloaded(directory.Write("b.so", object), PluginRefusal::kNotASharedLibrary, "ELF");
}

TEST(InspectPlugin, RefusesInOneLineWhateverTheFileIsCalled) {
  const testing::TemporaryFolder directory;
  const auto file = InspectPlugin(directory.Write("a\nforged\x1b[2J.so", "no plugin"));
  ASSERT_FALSE(file.ok());
  EXPECT_THAT(file.error().message,
              ::testing::StartsWith((directory.path() / "a forged [2J.so: ").string()));
}

TEST(InspectPlugin, RefusesAnotherMachinesLibrary) {
  const testing::TemporaryFolder directory;
  const std::string good = BytesOf(ShippedPlugin("core_io"));
  Elf64_Ehdr ours;
  std::memcpy(&ours, good.data(), sizeof(ours));
  std::string bytes = good;
  bytes[offsetof(Elf64_Ehdr, e_machine)] =
      static_cast<char>(ours.e_machine == EM_AARCH64 ? EM_X86_64 : EM_AARCH64);
  ExpectRefusedUnloaded(directory.Write("a.so", bytes), PluginRefusal::kOtherMachine,
                        ours.e_machine == EM_AARCH64 ? "built for x86-64" : "built for aarch64");
  bytes = good;
  bytes[EI_CLASS] = ELFCLASS32;
  ExpectRefusedUnloaded(directory.Write("b.so", bytes), PluginRefusal::kOtherMachine, "64-bit");
  bytes = good;
  bytes[EI_DATA] = ELFDATA2MSB;
  ExpectRefusedUnloaded(directory.Write("c.so", bytes), PluginRefusal::kOtherMachine, "byte order");
}

TEST(InspectPlugin, RefusesALibraryThatIsNoPlugin) {
  ExpectRefusedUnloaded(Animal("no_entry"), PluginRefusal::kNoEntrySymbol, "payload_plugin_entry");
  ExpectRefusedUnloaded(Animal("function_entry"), PluginRefusal::kNoEntrySymbol,
                        "payload_plugin_entry");
}

TEST(InspectPlugin, RefusesAnEntryItCannotUse) {
  ExpectRefusedUnloaded(Animal("wrong_magic"), PluginRefusal::kWrongMagic, "PAYLOAD_PLUGIN_MAGIC");
  ExpectRefusedUnloaded(Animal("wrong_major"), PluginRefusal::kWrongVersion,
                        "speaks version 7.1 of the plugin interface, and this program 0.1");
  // While the interface is a draft, its minor versions may differ in anything.
  ExpectRefusedUnloaded(Animal("newer_minor"), PluginRefusal::kWrongVersion,
                        "speaks version 0.2 of the plugin interface, and this program 0.1");
  ExpectRefusedUnloaded(Animal("older_minor"), PluginRefusal::kWrongVersion,
                        "speaks version 0.0 of the plugin interface, and this program 0.1");
  ExpectRefusedUnloaded(Animal("truncated_entry"), PluginRefusal::kTruncatedEntry,
                        "claims 32 bytes");
  ExpectRefusedUnloaded(Animal("boasting_entry"), PluginRefusal::kTruncatedEntry,
                        "claims 48 bytes and has 40");
  ExpectRefusedUnloaded(Animal("short_symbol"), PluginRefusal::kTruncatedEntry, "only 8 bytes");
}

TEST(InspectPlugin, RunsNothingOfWhatItRefuses) {
  ASSERT_EQ(unsetenv("PAYLOAD_PLUGIN_ZOO_RAN"), 0);
  ExpectRefusedUnloaded(Animal("wrong_major"), PluginRefusal::kWrongVersion, "");
  EXPECT_EQ(getenv("PAYLOAD_PLUGIN_ZOO_RAN"), nullptr);
}

TEST(InspectPlugin, RefusesProtobufWhicheverWayItCameIn) {
  // Loading the first would abort this process.
  ExpectRefusedUnloaded(Animal("needs_protobuf"), PluginRefusal::kOwnProtobuf,
                        "needs libprotobuf.so");
  ExpectRefusedUnloaded(Animal("contains_protobuf"), PluginRefusal::kOwnProtobuf,
                        "contains _ZN6google8protobuf");
  ExpectRefusedUnloaded(Animal("contains_stripped_protobuf"), PluginRefusal::kOwnProtobuf,
                        "contains Protobuf's own definitions");
}

}  // namespace
}  // namespace payload_manager
