#include "app/run/rewind.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "app/run_folder/log_lines.h"
#include "app/tensorboard/event_file.h"
#include "files/numbered_name.h"
#include "files/text.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

using Json = nlohmann::json;

/// The number of that name in a line of JSON; -1 where there is none, or none that the type can hold.
template <class Number>
Number number_in(const Json& line, const char* name) {
  const auto found = line.find(name);
  if (found == line.end() || !(std::is_integral_v<Number> ? found->is_number_integer() : found->is_number())) return -1;
  const double value = found->get<double>();
  return value >= 0 && value < static_cast<double>(std::numeric_limits<Number>::max()) ? found->get<Number>() : -1;
}

struct KeptLines {
  std::int64_t count = 0;
  Json last;
  double seconds = 0, epoch_start = 0;
  std::int64_t good_at = -1;  ///< iteration of the last good look
};

/// Keeps the lines from the first on that are whole, in order and of a wanted iteration below `end`, and cuts off the
/// rest.
KeptLines cut_lines(const fs::path& file, std::int64_t end, const std::function<bool(std::int64_t)>& is_wanted,
                    std::int64_t iterations_per_epoch) {
  KeptLines kept;
  std::uintmax_t size = 0;
  std::int64_t previous = -1;
  {
    LogLines lines(file);
    size = lines.end();  // of the names, where it has them
    while (lines.next() && lines.is_whole()) {
      const Json& values = lines.values();
      const auto iteration = number_in<std::int64_t>(values, "iteration");
      if (iteration <= previous || iteration >= end) break;
      previous = iteration;
      kept.seconds = std::max(kept.seconds, number_in<double>(values, "seconds"));
      if (iteration / iterations_per_epoch < end / iterations_per_epoch) kept.epoch_start = kept.seconds;
      if (!is_wanted(iteration)) break;  // the last line of a run that was stopped early
      size = lines.end();
      ++kept.count;
      kept.last = values;
      if (number_in<int>(values, "bad_looks") == 0) kept.good_at = iteration;
    }
  }
  if (fs::exists(file) && fs::file_size(file) != size) fs::resize_file(file, size);
  return kept;
}

void remove_pictures(const fs::path& folder, const std::function<bool(std::int64_t)>& is_wanted,
                     const std::function<fs::path(std::int64_t)>& name, int& removed) {
  if (!fs::exists(folder)) return;
  for (const std::int64_t number : numbers_in(folder, ".png")) {
    if (!is_wanted(number) && fs::remove(name(number))) ++removed;
  }
}

/// Of pictures at multiples of an interval, `expected` of them.
std::int64_t lost_pictures(const fs::path& folder, std::int64_t expected, std::int64_t interval) {
  if (!fs::exists(folder)) return expected;
  const std::vector<std::int64_t> there = numbers_in(folder, ".png");
  return expected -
         std::count_if(there.begin(), there.end(), [interval](std::int64_t number) { return number % interval == 0; });
}

std::int64_t multiples_below(std::int64_t end, std::int64_t interval) {
  return end / interval + (end % interval != 0 ? 1 : 0);
}

}  // namespace

Rewound rewind(const RunFolder& folder, const TrainOptions& options, const Schedule& schedule,
               std::int64_t iterations) {
  Rewound result;
  const std::vector<std::int64_t> newer = folder.checkpoints().remove_beyond(iterations);
  folder.checkpoints().prune(options.keep_checkpoints, options.checkpoint_interval);
  const std::int64_t per_epoch = schedule.iterations_per_epoch;
  const std::int64_t log_interval = options.log_interval, watch_interval = options.watch_interval;
  const fs::path stats = folder.stats_file(options.log_format);
  const KeptLines losses = cut_lines(
      stats, iterations, [=](std::int64_t i) { return i % log_interval == 0; }, per_epoch);
  result.seconds = losses.seconds;
  result.epoch_start = losses.epoch_start;
  std::vector<std::string> lost;
  const auto note_lost = [&lost](std::int64_t count, const std::string& what) {
    if (count > 0) lost.push_back(std::to_string(count) + " " + what);
  };
  note_lost(multiples_below(iterations, log_interval) - losses.count, "line(s) of " + stats.filename().string());
  if (watch_interval > 0) {
    const KeptLines looks = cut_lines(
        folder.convergence_file(), iterations + 1, [=](std::int64_t done) { return (done - 1) % watch_interval == 0; },
        per_epoch);
    note_lost(multiples_below(iterations, watch_interval) - looks.count, "line(s) of convergence.jsonl");
    result.alarm = {std::max(0, number_in<int>(looks.last, "bad_looks")), looks.good_at};
    result.is_alarmed = looks.count > 0 && looks.last.value("alarm", Json("")) != "";
    result.has_looked = looks.count > 0;
    result.counts_classes = looks.last.contains("class_shares");
  }

  cut_event_files(folder.path(), iterations);

  int pictures = 0;
  remove_pictures(
      folder.samples_folder(),
      [&](std::int64_t done) { return done < iterations || (done == iterations && schedule.sample_due_at(done)); },
      [&](std::int64_t done) { return folder.sample_file(done); }, pictures);
  remove_pictures(
      folder.images_folder(), [=](std::int64_t iteration) { return iteration < iterations; },
      [&](std::int64_t iteration) { return folder.script_picture_file(iteration); }, pictures);
  const bool has_pictures = options.sample_interval > 0;
  if (has_pictures) {
    note_lost(lost_pictures(folder.samples_folder(), multiples_below(iterations + 1, options.sample_interval),
                            options.sample_interval),
              "picture(s) in samples/");
  }
  if (has_pictures && schedule.has_script_pictures) {
    note_lost(lost_pictures(folder.images_folder(), multiples_below(iterations, options.sample_interval),
                            options.sample_interval),
              "picture(s) in images/");
  }
  if (!lost.empty()) {
    result.warnings.push_back("what the run had until iteration " + std::to_string(iterations) +
                              " is not complete; lost: " + joined(lost) + "; the report will have gaps");
  }
  if (!newer.empty()) {
    result.warnings.push_back("what the run had after iteration " + std::to_string(iterations) +
                              " is made anew; removed: " + std::to_string(newer.size()) + " newer checkpoint(s), " +
                              std::to_string(pictures) + " picture(s)");
  }
  return result;
}

}  // namespace duel::app
