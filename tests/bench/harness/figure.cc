#include "tests/bench/harness/figure.h"

#include <nlohmann/json.hpp>

namespace payload_manager::bench {
namespace {

using Json = nlohmann::ordered_json;

Json OrNull(const std::optional<double>& number) {
  return number.has_value() ? Json(*number) : Json(nullptr);
}

bool Within(Direction direction, double value, double limit) {
  return direction == Direction::kAtMost ? value <= limit : value >= limit;
}

}  // namespace

std::optional<double> RatioOf(const Figure& figure) {
  if (figure.ratio.has_value()) return figure.ratio;
  if (!figure.bare.has_value() || *figure.bare == 0) return std::nullopt;
  return figure.ours / *figure.bare;
}

Verdict VerdictOf(const Figure& figure) {
  if (!figure.target.has_value()) return Verdict::kNone;
  const Target& target = *figure.target;
  const auto judged = target.of == Target::Of::kOurs ? figure.ours : RatioOf(figure);
  if (!judged.has_value()) return Verdict::kNone;
  if (Within(target.direction, *judged, target.limit)) return Verdict::kMet;
  const double spread = figure.spread.value_or(0);
  const double lenient = target.direction == Direction::kAtMost ? 1 + spread : 1 / (1 + spread);
  return Within(target.direction, *judged, target.limit * lenient) ? Verdict::kWithinSpread
                                                                   : Verdict::kMissed;
}

std::string_view ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kNone:
      return "-";
    case Verdict::kMet:
      return "met";
    case Verdict::kWithinSpread:
      return "within spread";
    case Verdict::kMissed:
      return "missed";
  }
  return "-";
}

std::string ToJson(const Figure& figure) {
  Json target = nullptr;
  if (figure.target.has_value()) {
    target = {{"of", figure.target->of == Target::Of::kRatio ? "ratio" : "ours"},
              {"at", figure.target->direction == Direction::kAtMost ? "most" : "least"},
              {"limit", figure.target->limit}};
  }
  const Json line = {{"name", figure.name},
                     {"unit", figure.unit},
                     {"ours", figure.ours},
                     {"bare", OrNull(figure.bare)},
                     {"ratio", OrNull(RatioOf(figure))},
                     {"spread", OrNull(figure.spread)},
                     {"target", target},
                     {"verdict", ToString(VerdictOf(figure))},
                     {"note", figure.note}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace payload_manager::bench
