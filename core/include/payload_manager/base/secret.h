// A string that must not be seen: a payload's secret, a password, a token.
#pragma once

#include <string>
#include <string_view>

namespace payload_manager {

// Cannot be printed or compared by accident: there is no operator<<, and == takes constant time.
// The characters are overwritten when the object dies or is assigned to. Threads: like any value.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view characters) : characters_(characters) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  // The characters, for the one place that must send or store them. The view dies with the object.
  std::string_view Reveal() const { return characters_; }
  bool empty() const { return characters_.empty(); }
  std::size_t size() const { return characters_.size(); }

  // Takes as long for a near miss as for a far one. Only the length can be told from the time.
  friend bool operator==(const Secret& a, const Secret& b) {
    return ConstantTimeEquals(a.characters_, b.characters_);
  }
  static bool ConstantTimeEquals(std::string_view a, std::string_view b);

 private:
  void Wipe();
  std::string characters_;
};

}  // namespace payload_manager
