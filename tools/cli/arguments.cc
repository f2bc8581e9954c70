#include "tools/cli/arguments.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>
#include <cmath>

namespace payload_manager::cli {
namespace {

namespace po = boost::program_options;

constexpr int kHelpColumn = 30;
constexpr int kHelpWidth = 100;

Failed<Problem> Because(std::string message) { return Failed{Problem{std::move(message)}}; }

// Exact long names only: guessing would make every new flag a possible ambiguity for old scripts.
constexpr int kStyle = po::command_line_style::allow_long |
                       po::command_line_style::long_allow_adjacent |
                       po::command_line_style::long_allow_next;

po::options_description Describe(std::span<const Flag> flags) {
  po::options_description description;
  for (const Flag& flag : flags) {
    if (flag.value.empty()) {
      description.add_options()(flag.name.c_str(), "");
    } else {
      description.add_options()(flag.name.c_str(), po::value<std::string>(), "");
    }
  }
  return description;
}

const Flag* Find(std::span<const Flag> flags, const std::string& name) {
  const auto found = std::find_if(flags.begin(), flags.end(),
                                  [&name](const Flag& flag) { return flag.name == name; });
  return found == flags.end() ? nullptr : &*found;
}

// Boost takes the next word for the value even if it is the next flag.
bool IsValue(const po::option& option) {
  const std::string& value = option.value.front();
  const bool same_word = option.original_tokens.size() == 1;
  return !value.empty() && (same_word || !value.starts_with("--"));
}

std::string Wrap(const std::string& text, std::size_t indent, std::size_t width) {
  std::string lines;
  std::size_t column = indent;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (column > indent && column + 1 + (end - begin) > width) {
      lines += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      lines += ' ';
      ++column;
    }
    lines.append(text, begin, end - begin);
    column += end - begin;
    begin = end + 1;
  }
  return lines;
}

}  // namespace

std::optional<std::string> Arguments::Get(std::string_view flag) const {
  const auto found = values_.find(flag);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second.front();
}

std::vector<std::string> Arguments::All(std::string_view flag) const {
  const auto found = values_.find(flag);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

Checked<Arguments> ParseArguments(const std::vector<std::string>& line,
                                  std::span<const Flag> flags) {
  Arguments arguments;
  const auto dashes = std::find(line.begin(), line.end(), "--");
  const std::vector<std::string> before(line.begin(), dashes);
  try {
    const po::options_description description = Describe(flags);
    // Without a positional description Boost leaves words as options without a name.
    const po::parsed_options parsed =
        po::command_line_parser(before).options(description).style(kStyle).run();
    for (const po::option& option : parsed.options) {
      if (option.position_key != -1) {
        const std::string& word = option.value.front();
        if (word.size() > 1 && word.front() == '-') return Because("unknown flag " + word);
        arguments.words_.push_back(word);
        continue;
      }
      const Flag* flag = Find(flags, option.string_key);
      std::vector<std::string>& values = arguments.values_[flag->name];
      if (!flag->value.empty() && !IsValue(option)) {
        return Because("--" + flag->name + ": needs a value");
      }
      if (arguments.Has(flag->name) && !values.empty() && !flag->repeatable) {
        return Because("--" + flag->name + ": given twice");
      }
      values.push_back(flag->value.empty() ? "" : option.value.front());
    }
  } catch (const po::unknown_option& error) {
    const std::string name = error.get_option_name();
    return Because("unknown flag " + name.substr(0, name.find('=')));
  } catch (const po::invalid_command_line_syntax& error) {
    const bool surplus = error.kind() == po::invalid_command_line_syntax::extra_parameter;
    return Because(error.get_option_name() + (surplus ? ": takes no value" : ": needs a value"));
  } catch (const po::error& error) {
    return Because(error.what());
  }
  if (dashes != line.end()) {
    arguments.words_.insert(arguments.words_.end(), dashes + 1, line.end());
  }
  return arguments;
}

std::string DescribeFlags(std::span<const Flag> flags) {
  std::string text;
  for (const Flag& flag : flags) {
    std::string left = "  --" + flag.name + (flag.value.empty() ? "" : " " + flag.value);
    if (left.size() + 2 > kHelpColumn) {
      left += '\n' + std::string(kHelpColumn, ' ');
    } else {
      left.resize(kHelpColumn, ' ');
    }
    text += left + Wrap(flag.help, kHelpColumn, kHelpWidth) + '\n';
  }
  return text;
}

Checked<Duration> ParseSeconds(std::string_view flag, const std::string& text) {
  return ParseSecondsArgument("--" + std::string(flag), text);
}

Checked<Duration> ParseSecondsArgument(std::string_view argument, const std::string& text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr double kYear = 366.0 * 24 * 3600;
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(seconds) ||
      seconds < 0.001 || seconds > kYear) {
    return Because(std::string(argument) + ": '" + text +
                   "' is not a number of seconds between 0.001 and a year");
  }
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace payload_manager::cli
