// One line on the terminal that is drawn over while something takes long.
#pragma once

#include <chrono>
#include <ostream>
#include <string>

namespace duel {

class ProgressLine {
 public:
  /// Draws on `out`, which must outlive the object, where that is standard error and a terminal; nowhere otherwise.
  explicit ProgressLine(std::ostream& out);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// At most ten times a second.
  void show(const std::string& text);
  /// Removes the line.
  void clear();

 private:
  std::ostream& out_;
  bool is_live_, is_drawn_ = false;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace duel
