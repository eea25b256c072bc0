#include "engine/measure/progress_line.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

#include "files/text.h"

namespace duel {
namespace {

constexpr const char* kEraseLine = "\r\033[K";
constexpr std::size_t kWidth = 79;  // characters; what every terminal has

bool is_terminal(const std::ostream& out) {
  const char* kind = std::getenv("TERM");
  return &out == &std::cerr && isatty(STDERR_FILENO) && kind && std::string_view(kind) != "dumb";
}

}  // namespace

ProgressLine::ProgressLine(std::ostream& out, Elsewhere elsewhere)
    : out_(out), elsewhere_(elsewhere), is_live_(is_terminal(out)) {}

ProgressLine::~ProgressLine() {
  try {
    clear();
  } catch (...) {  // a destructor must not throw; the line may stay
  }
}

void ProgressLine::show(const std::string& text) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  if (!is_live_) {
    const bool is_later = next_ != std::chrono::steady_clock::time_point{};
    if (elsewhere_ == Elsewhere::lines || (elsewhere_ == Elsewhere::later_lines && is_later)) out_ << text << std::endl;
    next_ = now + std::chrono::seconds(5);
    return;
  }
  write_control(out_, kEraseLine);
  out_ << text.substr(0, kWidth) << std::flush;
  is_drawn_ = true;
  next_ = now + std::chrono::milliseconds(100);
}

void ProgressLine::clear() {
  if (is_drawn_) {
    write_control(out_, kEraseLine);
    out_ << std::flush;
  }
  is_drawn_ = false;
}

}  // namespace duel
