#include "rpc/waiting_places.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace payload_manager {
namespace {

// Nobody but the adapter looks inside a place: here there is only a number behind it.
std::shared_ptr<WaitingPlace> MakePlace(int number) {
  auto behind = std::make_shared<int>(number);
  auto* const seen = reinterpret_cast<WaitingPlace*>(behind.get());
  return {std::move(behind), seen};
}

class Places : public testing::Test {
 protected:
  int made_ = 0;
  WaitingPlaces places_{[this] { return MakePlace(++made_); }};
};

TEST_F(Places, AreOneCallersAtATime) {
  const auto first = places_.Take();
  const auto second = places_.Take();
  EXPECT_NE(first, second);
  EXPECT_EQ(made_, 2);
}

TEST_F(Places, AreUsedAgainTheLastOneFirst) {
  auto first = places_.Take();
  auto second = places_.Take();
  places_.GiveBack(std::move(first));
  const WaitingPlace* const last = second.get();
  places_.GiveBack(std::move(second));
  EXPECT_EQ(places_.Take().get(), last);
  EXPECT_EQ(made_, 2);
}

TEST_F(Places, AreNotAllKept) {
  std::vector<std::shared_ptr<WaitingPlace>> taken;
  std::vector<std::weak_ptr<WaitingPlace>> seen;
  for (std::size_t i = 0; i < WaitingPlaces::kMostSpare + 3; ++i) {
    taken.push_back(places_.Take());
    seen.push_back(taken.back());
  }
  for (auto& place : taken) places_.GiveBack(std::move(place));
  taken.clear();
  const auto kept =
      std::count_if(seen.begin(), seen.end(), [](const auto& place) { return !place.expired(); });
  EXPECT_EQ(kept, static_cast<std::ptrdiff_t>(WaitingPlaces::kMostSpare));
}

}  // namespace
}  // namespace payload_manager
