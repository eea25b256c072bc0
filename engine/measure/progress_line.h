// One line on the terminal that is drawn over while something takes long.
#pragma once

#include <chrono>
#include <ostream>
#include <string>

namespace duel {

class ProgressLine {
 public:
  /// What to do where `out` is no terminal.
  enum class Elsewhere {
    nothing,
    lines,        ///< a line of its own every few seconds, for files and pipes
    later_lines,  ///< the same, but none in the first of these
  };

  /// Draws on `out`, which must outlive the object, where that is standard error and a terminal.
  explicit ProgressLine(std::ostream& out, Elsewhere elsewhere = Elsewhere::nothing);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// At most ten times a second; elsewhere every five.
  void show(const std::string& text);
  /// Removes the line.
  void clear();

 private:
  std::ostream& out_;
  Elsewhere elsewhere_;
  bool is_live_, is_drawn_ = false;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace duel
