#pragma once

#include <string>
#include <string_view>

namespace toolkit::cli {

/// Colours for a terminal. Off wherever output is not one, and where NO_COLOR is set (no-color.org).
class Palette {
 public:
  /// Colours for this file descriptor of the process, or none.
  static Palette for_descriptor(int descriptor);
  static Palette plain() { return Palette(false); }

  std::string good(std::string_view text) const { return paint("32", text); }
  std::string waiting(std::string_view text) const { return paint("33", text); }
  std::string bad(std::string_view text) const { return paint("31", text); }

  /// The colour of a version's state.
  std::string state(std::string_view state, std::string_view text) const;

 private:
  explicit Palette(bool on) : on_(on) {}
  std::string paint(const char* code, std::string_view text) const;

  bool on_;
};

}  // namespace toolkit::cli
