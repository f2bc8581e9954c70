#include "rpc/exchange.h"

#include <algorithm>

#include "payload_manager/base/secret.h"
#include "payload_manager/base/text.h"
#include "rpc/call_metadata.h"

namespace payload_manager {
namespace {

constexpr std::size_t kLongestText = 400;
constexpr std::size_t kShortestBlotted = 4;  // shorter ones would blot out half of any sentence
constexpr std::string_view kBlot = "[hidden]";

void Blot(std::string& text, std::string_view hidden) {
  for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at)) {
    text.replace(at, hidden.size(), kBlot);
    at += kBlot.size();
  }
}

// The text with nothing hidden in it.
std::string Blotted(std::string text, const Hidden& what) {
  std::vector<Secret> added;
  if (what.added != nullptr) added = SecretsIn(*what.added);
  std::vector<std::string_view> hidden(what.texts.begin(), what.texts.end());
  for (const Secret& secret : added) hidden.push_back(secret.Reveal());
  std::erase(hidden, std::string_view());
  // Longest first: where one is part of another, no rest of the other stays.
  std::sort(hidden.begin(), hidden.end(),
            [](std::string_view a, std::string_view b) { return a.size() > b.size(); });
  for (const std::string_view each : hidden) {
    if (each.size() >= kShortestBlotted) {
      Blot(text, each);
    } else if (text.find(each) != std::string::npos) {
      return std::string(kBlot);
    }
  }
  return text;
}

}  // namespace

std::string Describe(const Exchange& exchange, std::string_view what) {
  constexpr std::string_view kRobot = "robot ";
  constexpr std::string_view kThen = ": ";
  std::string line;
  line.reserve(kRobot.size() + exchange.robot.size() + kThen.size() + exchange.call.size() +
               kThen.size() + what.size());
  line.append(kRobot).append(exchange.robot).append(kThen).append(exchange.call);
  line.append(kThen).append(what);
  return line;
}

std::string Presentable(const Exchange& exchange, std::string_view text) {
  std::string line = Blotted(std::string(text), exchange.hidden);
  ReplaceControls(line);
  if (line.size() > kLongestText) {
    line.resize(kLongestText);
    line += "...";
  }
  return line;
}

}  // namespace payload_manager
