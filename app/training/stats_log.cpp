#include "app/training/stats_log.h"

#include <cerrno>
#include <system_error>

#include "app/training/json_number.h"

namespace duel::app {

namespace {

nlohmann::ordered_json stats_values(const IterationStats& stats, std::int64_t epoch, double seconds, bool has_penalty) {
  constexpr int kFloatDigits = 9;  // enough to tell every float from its neighbours
  const auto number = [](float value) { return json_number(value, kFloatDigits); };
  nlohmann::ordered_json values = {{"iteration", stats.iteration},
                                   {"epoch", epoch},
                                   {"d_loss", number(stats.discriminator_loss)},
                                   {"g_loss", number(stats.generator_loss)},
                                   {"d_real", number(stats.d_real)},
                                   {"d_fake", number(stats.d_fake)},
                                   {"seconds", json_number(seconds, 6)}};
  if (has_penalty) values["penalty"] = number(stats.penalty);
  return values;
}

/// With commas between what `text_of(name, value)` makes of each.
template <class TextOf>
std::string with_commas(const nlohmann::ordered_json& values, const TextOf& text_of) {
  std::string line;
  for (const auto& [name, value] : values.items()) line += (line.empty() ? "" : ",") + text_of(name, value);
  return line;
}

}  // namespace

std::string stats_line(const IterationStats& stats, std::int64_t epoch, double seconds, const StatsForm& form) {
  const nlohmann::ordered_json values = stats_values(stats, epoch, seconds, form.has_penalty);
  if (form.format == LogFormat::jsonl) return values.dump();
  return with_commas(values, [](const std::string&, const auto& value) { return value.is_null() ? "" : value.dump(); });
}

std::string stats_header(const StatsForm& form) {
  if (form.format == LogFormat::jsonl) return "";
  return with_commas(stats_values({}, 1, 0, form.has_penalty),
                     [](const std::string& name, const auto&) { return name; }) +
         "\n";
}

StatsLog::StatsLog(const std::filesystem::path& file, std::int64_t interval, std::int64_t iterations_per_epoch,
                   const StatsForm& form)
    : file_(file),
      interval_(interval),
      iterations_per_epoch_(iterations_per_epoch),
      form_(form),
      out_(file, std::ios::app) {
  check();
  if (out_.tellp() == 0) out_ << stats_header(form_);
  check();
}

void StatsLog::check() const {
  if (out_) return;
  throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(), "cannot write " + file_.string());
}

void StatsLog::write(const IterationStats& stats, double seconds) {
  errno = 0;
  out_ << stats_line(stats, stats.iteration / iterations_per_epoch_ + 1, seconds, form_) << "\n";
  check();
}

void StatsLog::add(const IterationStats& stats, double seconds) {
  if (stats.iteration % interval_ == 0) {
    write(stats, seconds);
    unwritten_.reset();
  } else {
    unwritten_ = stats;
    unwritten_seconds_ = seconds;
  }
}

void StatsLog::continue_after(const IterationStats& last, double seconds) {
  if (last.iteration % interval_ == 0) return;
  unwritten_ = last;
  unwritten_seconds_ = seconds;
}

void StatsLog::flush() {
  errno = 0;
  out_.flush();
  check();
}

void StatsLog::finish() {
  if (unwritten_) write(*unwritten_, unwritten_seconds_);
  unwritten_.reset();
  flush();
}

}  // namespace duel::app
