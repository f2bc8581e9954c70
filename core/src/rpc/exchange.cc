#include "rpc/exchange.h"

#include <algorithm>
#include <cctype>

namespace payload_manager {
namespace {

constexpr std::size_t kLongestText = 400;
constexpr std::size_t kShortestHidden = 4;  // shorter ones would blot out half of any sentence

void Blot(std::string& text, std::string_view hidden) {
  constexpr std::string_view kBlot = "[hidden]";
  if (hidden.size() < kShortestHidden) return;
  for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at)) {
    text.replace(at, hidden.size(), kBlot);
    at += kBlot.size();
  }
}

}  // namespace

std::string Describe(const Exchange& exchange, std::string_view what) {
  std::string line = "robot " + exchange.robot + ": ";
  line.append(exchange.call).append(": ").append(what);
  return line;
}

std::string Presentable(const Exchange& exchange, std::string_view text) {
  std::string line(text);
  for (const Secret& hidden : exchange.hidden) Blot(line, hidden.Reveal());
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return std::iscntrl(c) != 0; }, ' ');
  if (line.size() > kLongestText) {
    line.resize(kLongestText);
    line += "...";
  }
  return line;
}

}  // namespace payload_manager
