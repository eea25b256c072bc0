// What training says on the terminal while it runs.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "engine/training/trainer.h"

namespace duel::app {

/// Sizes of the whole run.
struct RunSize {
  int epochs = 1;
  std::int64_t iterations = 0;  ///< that will be done in all
  std::int64_t iterations_per_epoch = 1;
  std::int64_t images_per_epoch = 0;
  double seconds_limit = 0;            ///< 0: none
  std::int64_t iterations_before = 0;  ///< done in earlier sessions of the run
  double seconds_before = 0;           ///< and how long they took
  double device_bytes = 0;             ///< of a GPU; 0: the host's memory is what counts
};

/// Means over the iterations of one epoch.
struct EpochSummary {
  int epoch = 1;  ///< counted from 1
  double discriminator_loss = 0, generator_loss = 0, d_real = 0, d_fake = 0;
  double seconds = 0;
};

/// Columns of the terminal that the descriptor is; nothing where it is none.
std::optional<int> terminal_width(int descriptor);

/// "8.2s", "3m05s", "1h02m", "2d03h"; "?" for a negative or unknown time.
std::string format_duration(double seconds);
/// "950", "18.2k", "1.30M".
std::string format_count(double count);

/// How a run gets on; what is negative is not known, and left out.
struct Pace {
  double images_per_second = -1, seconds_left = -1;
  double memory = -1;  ///< bytes
};

/// One line about the iteration just done. From 39 columns on it has time left, losses, speed and memory, with more
/// words and numbers where there is room, and a bar where there is room beside them; what does not fit into fewer
/// columns is left out whole.
std::string progress_line(const RunSize& size, const IterationStats& stats, const Pace& pace, int width, bool with_bar,
                          bool with_colour);
/// The line that stays after an epoch.
std::string epoch_line(const RunSize& size, const EpochSummary& summary);

/// Where and how progress is shown.
struct ProgressStyle {
  enum class Kind {
    quiet,
    lines,  ///< a plain line every few seconds, for files and pipes
    live,   ///< one line that is drawn over, for terminals
  };
  Kind kind = Kind::lines;
  bool colour = false;
  std::function<int()> width = [] { return 80; };  ///< columns; asked before every drawing

  /// For standard error as it is: a terminal (not "dumb") is live; NO_COLOR is obeyed.
  static ProgressStyle of_standard_error(bool quiet);
};

class Progress {
 public:
  /// `now`: seconds on any monotonic clock. `out` must outlive the object.
  Progress(std::ostream& out, ProgressStyle style, const RunSize& size, std::function<double()> now);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Call after iterations with the last one's statistics. Draws at most ten times a second (live), every five (lines).
  void update(const IterationStats& last);
  /// A line that stays, above the live line.
  void message(const std::string& line);
  /// Removes the live line.
  void finish();

 private:
  void draw();

  std::ostream& out_;
  ProgressStyle style_;
  RunSize size_;
  std::function<double()> now_;
  IterationStats last_ = {};
  bool is_drawn_ = false;
  double start_, last_drawn_;                             ///< times
  std::deque<std::pair<double, std::int64_t>> progress_;  ///< time and iterations done, of the last ten seconds
};

}  // namespace duel::app
