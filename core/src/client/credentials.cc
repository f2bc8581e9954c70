#include "payload_manager/credentials.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>
#include <vector>

#include "payload_manager/base/files.h"
#include "payload_manager/base/text.h"

namespace payload_manager {
namespace {

std::string_view Strip(std::string_view text) {
  constexpr std::string_view kWhite = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(kWhite);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

std::vector<std::string_view> StrippedLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(Strip(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

bool HoldsControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::iscntrl(c) != 0; });
}

Failed<Problem> Refuse(const std::filesystem::path& path, const std::string& why) {
  return Failed{Problem{path.string() + ": " + why}};
}

Checked<PayloadCredentials> Parse(const std::filesystem::path& path, std::string_view text) {
  constexpr std::string_view kKept =
      "; the file is left as it is, mend it or move it away to start with a new identity";
  const auto lines = StrippedLines(text);
  if (lines.empty() || lines[0].empty()) {
    return Refuse(path, "line 1 must be the payload's GUID and is empty" + std::string(kKept));
  }
  if (lines.size() < 2 || lines[1].empty()) {
    return Refuse(path, "line 2 must be the payload's secret and is empty" + std::string(kKept));
  }
  if (lines.size() > 2) {
    return Refuse(path, "has more than two lines of text: is it a credentials file? It must hold " +
                            std::string("the GUID in line 1 and the secret in line 2"));
  }
  for (int line = 0; line < 2; ++line) {
    if (HoldsControlCharacter(lines[line])) {
      return Refuse(path, "line " + std::to_string(line + 1) + " holds a control character" +
                              std::string(kKept));
    }
  }
  return PayloadCredentials{std::string(lines[0]), Secret(lines[1])};
}

bool Exists(const std::filesystem::path& path) {
  std::error_code ignored;  // what cannot be looked at is not missing: reading it says why
  return std::filesystem::symlink_status(path, ignored).type() !=
         std::filesystem::file_type::not_found;
}

Checked<PayloadCredentials> Create(const std::filesystem::path& path, RandomSource& random,
                                   std::string guid) {
  PayloadCredentials made{guid.empty() ? MakeUuid(random) : std::move(guid),
                          MakePayloadSecret(random)};
  const std::string text = made.guid + '\n' + std::string(made.secret.Reveal()) + '\n';
  const auto created = CreateFileAtomically(path, text, FileMode::kPrivate);
  // Another process that was first has made the identity; ours was never seen by anybody.
  if (!created.ok() && Exists(path)) return ReadCredentialsFile(path);
  if (!created.ok()) return Failed{created.error()};
  return made;
}

}  // namespace

Checked<PayloadCredentials> ReadCredentialsFile(const std::filesystem::path& path) {
  auto text = ReadPrivateFile(path);
  if (!text.ok()) return Failed{text.error()};
  return Parse(path, *text);
}

Checked<PayloadCredentials> ReadOrCreateCredentialsFile(const std::filesystem::path& path,
                                                        RandomSource& random,
                                                        const std::string& guid) {
  if (HoldsControlCharacter(guid) || Strip(guid) != guid) {
    return Refuse(path,
                  "cannot hold the GUID that was asked for: it has a line break, another "
                  "control character, or blanks at its edge");
  }
  auto credentials = Exists(path) ? ReadCredentialsFile(path) : Create(path, random, guid);
  if (credentials.ok() && !guid.empty() && !EqualIgnoringCase(credentials->guid, guid)) {
    return Refuse(path, "holds GUID " + credentials->guid + ", but " + guid +
                            " was asked for; use another file, or ask for the GUID of this one");
  }
  return credentials;
}

}  // namespace payload_manager
