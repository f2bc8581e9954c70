// Command lines: words and `--flags`, in any order. Boost.Program_options underneath; what differs
// is that flags are plain data, so that one list serves parsing, `--help` and the tests, and that
// whatever is wrong is one line that names the flag.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "payload_manager/base/clock.h"
#include "payload_manager/base/outcome.h"

namespace payload_manager::cli {

struct Flag {
  std::string name;   // without the dashes
  std::string value;  // what the value is called in the help, e.g. "FILE"; empty: takes none
  std::string help;
  bool repeatable = false;
};

// Threads: like any value.
class Arguments {
 public:
  bool Has(std::string_view flag) const { return values_.find(flag) != values_.end(); }
  // The value of a flag that was given, else std::nullopt.
  std::optional<std::string> Get(std::string_view flag) const;
  // All values of a repeatable flag, in the order given.
  std::vector<std::string> All(std::string_view flag) const;
  // What is not a flag: the command and its arguments.
  const std::vector<std::string>& words() const { return words_; }

 private:
  friend Checked<Arguments> ParseArguments(const std::vector<std::string>& line,
                                           std::span<const Flag> flags);
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> words_;
};

// `line` is argv without the program's name. Problems: an unknown flag, a flag without its value,
// an empty value, a value for a flag that takes none, a flag given twice that is not repeatable. A
// flag is never guessed from its beginning. After `--` everything is a word.
Checked<Arguments> ParseArguments(const std::vector<std::string>& line,
                                  std::span<const Flag> flags);

// The flags as the help shows them, one or more lines each, at most 100 columns wide.
std::string DescribeFlags(std::span<const Flag> flags);

// `text` as a number of seconds greater than 0, decimals allowed; the problem names `flag`.
Checked<Duration> ParseSeconds(std::string_view flag, const std::string& text);
// The same for what is no flag but `argument` of a command.
Checked<Duration> ParseSecondsArgument(std::string_view argument, const std::string& text);

}  // namespace payload_manager::cli
