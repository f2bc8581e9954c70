// Holds the generated descriptors of protos/bosdyn/api against the tables of facts about Spot's API
// in tests/data/spot_api. Every descriptor is written as the row that the tables ought to have for
// it; then the rows of both sides are compared, in both directions.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "csv_table.h"
#include "spot_api_files.h"

namespace wire_test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::OneofDescriptor;
using google::protobuf::ServiceDescriptor;

using Rows = std::vector<std::string>;

CsvTable Messages() {
  return ReadCsvTable(SPOT_API_TABLES_DIR, "messages.csv", "file,message,fields");
}

CsvTable Fields() {
  return ReadCsvTable(SPOT_API_TABLES_DIR, "fields.csv",
                      "file,message,number,name,type,label,oneof,deprecated");
}

CsvTable Enums() { return ReadCsvTable(SPOT_API_TABLES_DIR, "enums.csv", "file,enum,number,name"); }

CsvTable Rpcs() {
  return ReadCsvTable(SPOT_API_TABLES_DIR, "rpcs.csv", "file,service,rpc,request,response,kind");
}

std::string Join(const Rows& cells) {
  std::string text;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) text += ',';
    text += cell;
  }
  return text;
}

std::string TypeName(const FieldDescriptor& field) {
  if (field.is_map()) {
    const Descriptor& entry = *field.message_type();
    return "map<" + TypeName(*entry.map_key()) + " " + TypeName(*entry.map_value()) + ">";
  }
  if (field.message_type() != nullptr) return field.message_type()->full_name();
  if (field.enum_type() != nullptr) return field.enum_type()->full_name();
  return field.type_name();
}

std::string Label(const FieldDescriptor& field) {
  if (field.has_optional_keyword()) return "optional";
  return field.is_repeated() && !field.is_map() ? "repeated" : "singular";
}

Rows MessageRows() {
  Rows rows;
  for (const Descriptor* message : SpotApiMessages()) {
    rows.push_back(Join(
        {message->file()->name(), message->full_name(), std::to_string(message->field_count())}));
  }
  return rows;
}

Rows FieldRows() {
  Rows rows;
  for (const Descriptor* message : SpotApiMessages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& field = *message->field(i);
      const OneofDescriptor* oneof = field.real_containing_oneof();
      rows.push_back(
          Join({field.file()->name(), message->full_name(), std::to_string(field.number()),
                field.name(), TypeName(field), Label(field), oneof == nullptr ? "" : oneof->name(),
                field.options().deprecated() ? "deprecated" : ""}));
    }
  }
  return rows;
}

Rows EnumRows() {
  Rows rows;
  for (const EnumDescriptor* type : SpotApiEnums()) {
    for (int i = 0; i < type->value_count(); ++i) {
      const EnumValueDescriptor& value = *type->value(i);
      rows.push_back(Join(
          {type->file()->name(), type->full_name(), std::to_string(value.number()), value.name()}));
    }
  }
  return rows;
}

std::string Kind(const MethodDescriptor& rpc) {
  if (rpc.client_streaming() && rpc.server_streaming()) return "bidirectional streaming";
  if (rpc.client_streaming()) return "client streaming";
  return rpc.server_streaming() ? "server streaming" : "unary";
}

Rows RpcRows() {
  Rows rows;
  for (const FileDescriptor* file : SpotApiFiles()) {
    if (file == nullptr) continue;
    for (int s = 0; s < file->service_count(); ++s) {
      const ServiceDescriptor& service = *file->service(s);
      for (int i = 0; i < service.method_count(); ++i) {
        const MethodDescriptor& rpc = *service.method(i);
        rows.push_back(
            Join({file->name(), service.full_name(), rpc.name(), rpc.input_type()->full_name(),
                  rpc.output_type()->full_name(), Kind(rpc)}));
      }
    }
  }
  return rows;
}

bool Contains(const Rows& rows, const std::string& row) {
  return std::find(rows.begin(), rows.end(), row) != rows.end();
}

void ExpectEveryRowHasItsDescriptor(const CsvTable& table, const Rows& descriptors) {
  ASSERT_EQ(table.error, "");
  for (const CsvRow& row : table.rows) {
    EXPECT_TRUE(Contains(descriptors, row.text))
        << table.Describe(row) << "\n  no descriptor is like this row";
  }
}

void ExpectEveryDescriptorHasItsRow(const Rows& descriptors, const CsvTable& table) {
  ASSERT_EQ(table.error, "");
  Rows rows;
  for (const CsvRow& row : table.rows) rows.push_back(row.text);
  for (const std::string& descriptor : descriptors) {
    EXPECT_TRUE(Contains(rows, descriptor))
        << "descriptor: " << descriptor << "\n  " << table.name << " has no such row";
  }
}

void ExpectNoRowTwice(const CsvTable& table) {
  ASSERT_EQ(table.error, "");
  std::set<std::string> seen;
  for (const CsvRow& row : table.rows) {
    EXPECT_TRUE(seen.insert(row.text).second) << table.Describe(row) << "\n  stands there twice";
  }
}

// The paths that the first column of any table names.
std::set<std::string> PathsInTables() {
  std::set<std::string> paths;
  for (const CsvTable& table : {Messages(), Fields(), Enums(), Rpcs()}) {
    for (const CsvRow& row : table.rows) paths.insert(row.cells.front());
  }
  return paths;
}

TEST(WireTables, EveryMessageRowMatchesItsDescriptorAndFieldCount) {
  ExpectEveryRowHasItsDescriptor(Messages(), MessageRows());
}

TEST(WireTables, EveryMessageDescriptorIsInTheTable) {
  ExpectEveryDescriptorHasItsRow(MessageRows(), Messages());
}

TEST(WireTables, EveryFieldRowMatchesItsDescriptor) {
  ExpectEveryRowHasItsDescriptor(Fields(), FieldRows());
}

TEST(WireTables, EveryFieldDescriptorIsInTheTable) {
  ExpectEveryDescriptorHasItsRow(FieldRows(), Fields());
}

TEST(WireTables, EveryEnumRowMatchesItsDescriptor) {
  ExpectEveryRowHasItsDescriptor(Enums(), EnumRows());
}

TEST(WireTables, EveryEnumValueDescriptorIsInTheTable) {
  ExpectEveryDescriptorHasItsRow(EnumRows(), Enums());
}

TEST(WireTables, EveryRpcRowMatchesItsDescriptor) {
  ExpectEveryRowHasItsDescriptor(Rpcs(), RpcRows());
}

TEST(WireTables, EveryRpcDescriptorIsInTheTable) {
  ExpectEveryDescriptorHasItsRow(RpcRows(), Rpcs());
}

TEST(WireTables, NoRowStandsInATableTwice) {
  for (const CsvTable& table : {Messages(), Fields(), Enums(), Rpcs()}) ExpectNoRowTwice(table);
}

TEST(WireTables, FieldCountsAgreeWithTheFieldTable) {
  const CsvTable messages = Messages();
  ASSERT_EQ(messages.error, "");
  std::map<std::string, int> counts;
  for (const CsvRow& row : Fields().rows) ++counts[row.cells[1]];
  for (const CsvRow& row : messages.rows) {
    EXPECT_EQ(std::to_string(counts[row.cells[1]]), row.cells[2]) << messages.Describe(row);
  }
}

TEST(WireTables, GeneratedFilesAreExactlyThoseInTheTables) {
  std::set<std::string> generated;
  for (const FileDescriptor* file : SpotApiFiles()) {
    ASSERT_NE(file, nullptr);
    generated.insert(file->name());
    EXPECT_EQ(file->package(), "bosdyn.api") << file->name();
    EXPECT_EQ(file->public_dependency_count(), 0) << file->name();
  }
  EXPECT_EQ(generated, PathsInTables());
}

TEST(WireTables, NoGeneratedFileImportsABosdynFileThatIsNotInTheTables) {
  const std::set<std::string> paths = PathsInTables();
  for (const FileDescriptor* file : SpotApiFiles()) {
    ASSERT_NE(file, nullptr);
    for (int i = 0; i < file->dependency_count(); ++i) {
      const std::string& import = file->dependency(i)->name();
      if (import.rfind("google/protobuf/", 0) == 0) continue;
      EXPECT_EQ(paths.count(import), 1U) << file->name() << " imports " << import;
    }
  }
}

TEST(WireTables, ExactlyTheRetiredNumbersAreReserved) {
  const std::set<std::string> expected = {
      "bosdyn.api.GetAuthTokenRequest 5-5", "bosdyn.api.GetAuthTokenResponse.Status 5-6",
      "bosdyn.api.RobotState 9-9", "bosdyn.api.ServiceEntry 6-6"};
  std::set<std::string> found;
  for (const Descriptor* message : SpotApiMessages()) {
    EXPECT_EQ(message->reserved_name_count(), 0) << message->full_name();
    for (int i = 0; i < message->reserved_range_count(); ++i) {
      // The end is exclusive.
      const Descriptor::ReservedRange& range = *message->reserved_range(i);
      found.insert(message->full_name() + " " + std::to_string(range.start) + "-" +
                   std::to_string(range.end - 1));
    }
  }
  for (const EnumDescriptor* type : SpotApiEnums()) {
    EXPECT_EQ(type->reserved_name_count(), 0) << type->full_name();
    for (int i = 0; i < type->reserved_range_count(); ++i) {
      // The end is inclusive.
      const EnumDescriptor::ReservedRange& range = *type->reserved_range(i);
      found.insert(type->full_name() + " " + std::to_string(range.start) + "-" +
                   std::to_string(range.end));
    }
  }
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace wire_test
