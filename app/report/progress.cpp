#include "app/report/progress.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "files/text.h"

namespace duel::app {
namespace {

constexpr double kLiveInterval = 0.1;  // seconds between two drawings
constexpr double kLineInterval = 5;
constexpr double kSpeedWindow = 10;                // seconds over which the speed is taken
constexpr int kNarrowestBar = 6, kWidestBar = 20;  // columns between the brackets

const char* const kGreen = "\x1b[32m";
const char* const kPlain = "\x1b[0m";
const char* const kEraseLine = "\r\x1b[K";

int terminal_width() {
  winsize size = {};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

}  // namespace

std::string format_duration(double seconds) {
  if (!(seconds >= 0) || seconds > 1e9) return "?";
  if (seconds < 59.95) return fmt::format("{:.1f}s", seconds);
  const long whole = std::lround(seconds);
  if (whole < 3600) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
  return fmt::format("{}d{:02}h", whole / 86400, whole / 3600 % 24);
}

std::string format_count(double count) {
  if (!(count >= 0)) return "?";
  if (count < 999.5) return fmt::format("{:.0f}", count);
  if (count < 999.95e3) return fmt::format("{:.1f}k", count / 1e3);
  return fmt::format("{:.2f}M", count / 1e6);
}

std::string progress_line(const RunSize& size, const IterationStats& stats, double images_per_second,
                          double seconds_left, int width, bool with_bar, bool with_colour) {
  const long long per_epoch = size.iterations_per_epoch;
  const long long in_epoch = stats.iteration % per_epoch + 1;
  const int digits = static_cast<int>(std::to_string(per_epoch).size());
  const std::string epoch = fmt::format("epoch {}/{}", stats.iteration / per_epoch + 1LL, size.epochs);
  std::vector<std::string> fields = {fmt::format("{:{}}/{}", in_epoch, digits, per_epoch)};
  if (seconds_left >= 0) fields.push_back("eta " + format_duration(seconds_left));
  fields.push_back(fmt::format("loss D {:.3f} G {:.3f}", stats.discriminator_loss, stats.generator_loss));
  fields.push_back(fmt::format("D(x) {:.2f} D(G(z)) {:.2f}", stats.d_real, stats.d_fake));
  if (images_per_second >= 0) fields.push_back(format_count(images_per_second) + " img/s");

  // The bar takes what the numbers leave; it is worth drawing from six columns on.
  int left = width - static_cast<int>(epoch.size());
  int bar = left - 4;
  for (const std::string& field : fields) bar -= static_cast<int>(field.size()) + 2;
  bar = with_bar && bar >= kNarrowestBar ? std::min(bar, kWidestBar) : 0;

  std::string line = epoch.substr(0, static_cast<std::size_t>(std::max(width, 0)));
  if (bar > 0) {
    const auto filled = static_cast<std::size_t>(bar * in_epoch / per_epoch);
    const std::string drawn = "[" + std::string(filled, '#') + std::string(bar - filled, '.') + "]";
    line += "  " + (with_colour ? kGreen + drawn + kPlain : drawn);
    left -= bar + 4;
  }
  for (const std::string& field : fields) {
    left -= static_cast<int>(field.size()) + 2;
    if (left < 0) break;
    line += "  " + field;
  }
  return line;
}

std::string epoch_line(const RunSize& size, const EpochSummary& summary) {
  std::string line =
      fmt::format("epoch {}/{}  loss D {:.3f} G {:.3f}  D(x) {:.2f} D(G(z)) {:.2f}  ", summary.epoch, size.epochs,
                  summary.discriminator_loss, summary.generator_loss, summary.d_real, summary.d_fake);
  line += format_duration(summary.seconds);
  if (summary.seconds > 0) {
    line += "  " + format_count(static_cast<double>(size.images_per_epoch) / summary.seconds) + " img/s";
  }
  return line;
}

ProgressStyle ProgressStyle::of_standard_error(bool quiet) {
  ProgressStyle style;
  style.width = terminal_width;
  const char* terminal = std::getenv("TERM");
  const bool is_live = isatty(STDERR_FILENO) && terminal != nullptr && std::string(terminal) != "dumb";
  style.kind = quiet ? Kind::quiet : is_live ? Kind::live : Kind::lines;
  style.colour = is_live && !is_set("NO_COLOR");
  return style;
}

Progress::Progress(std::ostream& out, ProgressStyle style, const RunSize& size, std::function<double()> now)
    : out_(out), style_(std::move(style)), size_(size), now_(std::move(now)), start_(now_()), last_drawn_(start_) {
  progress_.emplace_back(start_, size.iterations_before);
}

Progress::~Progress() {
  try {
    finish();
  } catch (...) {  // a destructor must not throw; the line may stay
  }
}

void Progress::update(const IterationStats& last) {
  if (style_.kind == ProgressStyle::Kind::quiet) return;
  last_ = last;
  const double time = now_();
  progress_.emplace_back(time, last.iteration + 1);
  // The first entry stays until another one is older than the window.
  while (progress_.size() > 2 && time - progress_[1].first >= kSpeedWindow) progress_.pop_front();
  const double interval = style_.kind == ProgressStyle::Kind::live ? kLiveInterval : kLineInterval;
  if (time - last_drawn_ >= interval) draw();
}

// What cannot be written is dropped: training goes on when the reader of its progress has gone, or is slow for a while.
void Progress::draw() {
  out_.clear();
  const auto [start, done_at_start] = progress_.front();
  const auto [time, done] = progress_.back();
  double images_per_second = -1, seconds_left = -1;
  if (time > start && done > done_at_start) {
    const double speed = static_cast<double>(done - done_at_start) / (time - start);
    images_per_second =
        speed * static_cast<double>(size_.images_per_epoch) / static_cast<double>(size_.iterations_per_epoch);
    seconds_left = static_cast<double>(std::max<std::int64_t>(size_.iterations - done, 0)) / speed;
    if (size_.seconds_limit > 0)
      seconds_left = std::clamp(start_ - size_.seconds_before + size_.seconds_limit - time, 0.0, seconds_left);
  }
  if (style_.kind == ProgressStyle::Kind::live) {
    // The last column stays free: some terminals wrap as soon as it is written.
    write_control(out_, kEraseLine + progress_line(size_, last_, images_per_second, seconds_left, style_.width() - 1,
                                                   true, style_.colour));
    is_drawn_ = true;
  } else {
    out_ << progress_line(size_, last_, images_per_second, seconds_left, 1000, false, false) << "\n";
  }
  out_.flush();
  last_drawn_ = now_();
}

void Progress::message(const std::string& line) {
  if (style_.kind == ProgressStyle::Kind::quiet) return;
  const bool was_drawn = is_drawn_;
  finish();
  out_.clear();
  out_ << line << "\n";
  out_.flush();
  if (was_drawn) draw();
}

void Progress::finish() {
  if (!is_drawn_) return;
  write_control(out_, kEraseLine);
  out_.flush();
  is_drawn_ = false;
}

}  // namespace duel::app
