#include "app/report/progress.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "app/device/host_memory.h"
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

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

/// How much a line says of what it shows.
struct Form {
  bool in_epoch = true, words = true, judgements = true;  ///< whether it has them
  bool is_brief = false;                                  ///< as short as it gets
  bool epoch = true;
};
// The widest that fits is taken: time left, losses, speed and memory are in all of them.
constexpr Form kForms[] = {{},
                           {.in_epoch = false},
                           {.in_epoch = false, .words = false},
                           {.words = false, .judgements = false},
                           {.in_epoch = false, .words = false, .judgements = false},
                           {.in_epoch = false, .words = false, .judgements = false, .is_brief = true},
                           {.in_epoch = false, .words = false, .judgements = false, .is_brief = true, .epoch = false}};

struct Fields {
  std::vector<std::string> texts;
  std::string gap = "  ";
};

/// "0.40", "12.3", "123": four columns.
std::string brief_loss(double loss) {
  return fmt::format("{:.{}f}", loss, std::abs(loss) < 9.995 ? 2 : std::abs(loss) < 99.95 ? 1 : 0);
}

/// "204 MiB", "1.2 GiB"; brief "204M", "1.2G".
std::string memory_text(double bytes, bool is_brief) {
  constexpr double kMiB = 1024 * 1024;
  const bool is_large = bytes >= 1000 * kMiB;
  const std::string number =
      is_large ? fmt::format("{:.1f}", bytes / kMiB / 1024) : fmt::format("{:.0f}", bytes / kMiB);
  return number + (is_brief ? "" : " ") + (is_large ? "G" : "M") + (is_brief ? "" : "iB");
}

/// "29.0k img/s"; brief "29k/s".
std::string speed_text(double images_per_second, bool is_brief) {
  if (!is_brief) return format_count(images_per_second) + " img/s";
  const bool is_thousands = images_per_second >= 999.5 && images_per_second < 999.5e3;
  return (is_thousands ? fmt::format("{:.0f}k", images_per_second / 1e3) : format_count(images_per_second)) + "/s";
}

Fields fields_of(const RunSize& size, const IterationStats& stats, const Pace& pace, const Form& form) {
  const long long per_epoch = size.iterations_per_epoch;
  const int digits = static_cast<int>(std::to_string(per_epoch).size());
  Fields fields;
  if (form.is_brief) fields.gap = " ";
  const auto add = [&](const std::string& text) { fields.texts.push_back(text); };
  if (form.epoch) {
    add(fmt::format("{}{}/{}", form.words ? "epoch " : "", stats.iteration / per_epoch + 1LL, size.epochs));
  }
  if (form.in_epoch) add(fmt::format("{:{}}/{}", stats.iteration % per_epoch + 1, digits, per_epoch));
  if (pace.seconds_left >= 0) add((form.is_brief ? "" : "eta ") + format_duration(pace.seconds_left));
  const float d = stats.discriminator_loss, g = stats.generator_loss;
  add(form.is_brief ? "D" + brief_loss(d) + " G" + brief_loss(g)
                    : fmt::format("{}D {:.3f} G {:.3f}", form.words ? "loss " : "", d, g));
  if (form.judgements) add(fmt::format("D(x) {:.2f} D(G(z)) {:.2f}", stats.d_real, stats.d_fake));
  if (pace.images_per_second >= 0) add(speed_text(pace.images_per_second, form.is_brief));
  if (pace.memory >= 0) add(memory_text(pace.memory, form.is_brief));
  return fields;
}

std::size_t length_of(const Fields& fields) {
  std::size_t length = fields.texts.empty() ? 0 : (fields.texts.size() - 1) * fields.gap.size();
  for (const std::string& text : fields.texts) length += text.size();
  return length;
}

/// What the numbers leave of the line; it is worth drawing from six columns on.
std::string bar_of(const RunSize& size, const IterationStats& stats, std::size_t left, bool with_colour) {
  constexpr int kAround = 4;  // the gap and the brackets
  const int bar = std::min(static_cast<int>(left) - kAround, kWidestBar);
  if (bar < kNarrowestBar) return "";
  const auto filled =
      static_cast<std::size_t>(bar * (stats.iteration % size.iterations_per_epoch + 1) / size.iterations_per_epoch);
  const std::string drawn = "[" + std::string(filled, '#') + std::string(bar - filled, '.') + "]";
  return "  " + (with_colour ? kGreen + drawn + kPlain : drawn);
}

}  // namespace

std::optional<int> terminal_width(int descriptor) {
  winsize size = {};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

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

std::string progress_line(const RunSize& size, const IterationStats& stats, const Pace& pace, int width, bool with_bar,
                          bool with_colour) {
  const auto columns = static_cast<std::size_t>(std::max(width, 0));
  Fields fields;
  for (const Form& form : kForms) {
    fields = fields_of(size, stats, pace, form);
    if (length_of(fields) <= columns) break;
  }
  while (!fields.texts.empty() && length_of(fields) > columns) fields.texts.pop_back();

  std::string line;
  for (std::size_t i = 0; i < fields.texts.size(); ++i) {
    line += (i == 0 ? "" : fields.gap) + fields.texts[i];
    if (i == 0 && with_bar) line += bar_of(size, stats, columns - length_of(fields), with_colour);
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
  style.width = [] { return terminal_width(STDERR_FILENO).value_or(80); };
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
  Pace pace;
  pace.memory = size_.device_bytes > 0 ? size_.device_bytes : peak_host_bytes();
  if (time > start && done > done_at_start) {
    const double speed = static_cast<double>(done - done_at_start) / (time - start);
    pace.images_per_second =
        speed * static_cast<double>(size_.images_per_epoch) / static_cast<double>(size_.iterations_per_epoch);
    pace.seconds_left = static_cast<double>(std::max<std::int64_t>(size_.iterations - done, 0)) / speed;
    if (size_.seconds_limit > 0) {
      pace.seconds_left =
          std::clamp(start_ - size_.seconds_before + size_.seconds_limit - time, 0.0, pace.seconds_left);
    }
  }
  if (style_.kind == ProgressStyle::Kind::live) {
    // The last column stays free: some terminals wrap as soon as it is written.
    write_control(out_, kEraseLine + progress_line(size_, last_, pace, style_.width() - 1, true, style_.colour));
    is_drawn_ = true;
  } else {
    out_ << progress_line(size_, last_, pace, 1000, false, false) << "\n";
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
