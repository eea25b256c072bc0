#include "app/training/training_session.h"

#include <algorithm>

#include "app/advice/divergence.h"
#include "app/drawing/pictures.h"
#include "app/errors/exit_code.h"
#include "engine/measure/monotonic_clock.h"

namespace duel::app {
namespace {

constexpr int kSampleRows = 8, kSampleColumns = 8, kMostClassRows = 32;
constexpr int kScriptImages = 25, kScriptColumns = 5;

/// Of a sample picture: 8 rows; where the networks read classes a row of each, all rows of the same latents, so that a
/// column shows what a class changes.
std::vector<float> latents_of_pictures(const TrainOptions& options) {
  const NetworkConfig& networks = options.training.networks;
  if (networks.classes == 0) return draw_latents(kSampleRows * kSampleColumns, networks, options.training.seed);
  const int rows = std::min(networks.classes, kMostClassRows);
  std::vector<std::uint8_t> classes;
  const std::vector<float> row = draw_latents(kSampleColumns, without_classes(networks), options.training.seed);
  std::vector<float> latents;
  for (int i = 0; i < rows; ++i) {
    latents.insert(latents.end(), row.begin(), row.end());
    classes.insert(classes.end(), kSampleColumns, static_cast<std::uint8_t>(i));
  }
  return with_classes(latents, networks, classes);
}

}  // namespace

TrainingSession::TrainingSession(const TrainOptions& options, const ImageSet& images, Trainer& trainer,
                                 RunFolder& folder, Progress& progress, SessionRequests requests,
                                 TrainingWatch::CountClasses count_classes, const std::optional<SessionStart>& start)
    : options_(options),
      images_(images.count),
      trainer_(trainer),
      folder_(folder),
      progress_(progress),
      requests_(std::move(requests)),
      epoch_plan_(plan_epoch(options.training, images.count)),
      schedule_(schedule_of(options, epoch_plan_.iterations)),
      stats_(folder.stats_file(options.log_format), options.log_interval, epoch_plan_.iterations,
             {options.log_format, options.training.penalty_weights.chosen().has_value()}),
      latents_(latents_of_pictures(options)),
      start_(monotonic_seconds() - (start ? start->seconds : 0)),
      epoch_start_(start ? start->epoch_start : 0),
      collapse_(options.on_collapse, start ? start->memory.collapse.value_or(CollapseMemory{}) : CollapseMemory{}),
      report_(*options.program, folder.path(), monotonic_seconds),
      checkpoints_(options, folder, background_, monotonic_seconds) {
  if (options.watch_interval > 0) {
    watch_.emplace(folder.convergence_file(), images, trainer, options.sample_statistics, options.collapse_patience,
                   std::move(count_classes));
  }
  if (options.tensorboard) {
    events_.emplace(folder.path(), trainer.iteration(), options.log_interval,
                    options.training.penalty_weights.chosen().has_value(), background_);
  }
  if (!start) return;
  const std::int64_t done = trainer.iteration();
  epoch_ = start->memory.epoch;
  last_ = start->memory.last;
  if (last_) stats_.continue_after(*last_, start->seconds);
  if (watch_ && start->memory.collapse) watch_->reset(start->memory.collapse->alarm);
  paused_at_ = done;
  if (schedule_.sample_due_at(done)) sampled_at_ = done;
  checkpoints_.continue_after(done);
}

double TrainingSession::seconds() const {
  return monotonic_seconds() - start_;
}

bool TrainingSession::should_stop() const {
  const bool is_late = options_.minutes > 0 && seconds() >= 60 * options_.minutes;
  return is_late || non_finite_ || collapse_.ends_run() || requests_.stop_signal() != 0;
}

bool TrainingSession::should_pause() {
  save_is_wanted_ = save_is_wanted_ || requests_.take_save();
  return save_is_wanted_ || checkpoints_.is_due(trainer_.iteration()) || background_.has_failed() || should_stop();
}

SessionResult TrainingSession::run() {
  pause();  // the first pictures
  while (trainer_.iteration() < schedule_.total && !should_stop()) {
    const std::int64_t done = trainer_.iteration();
    const auto on_stats = [this](std::span<const IterationStats> stats) { take_stats(stats); };
    if (schedule_.look_due_at(done)) {
      watch_->look(on_stats, events_.has_value());
      refuse_non_finite();
      if (events_) events_->add(watch_->last(), trainer_, true);
      for (const std::string& line : collapse_.answer(*watch_, trainer_)) say(line);
    } else {
      trainer_.run(schedule_.next_pause(done) - done, on_stats, [this] { return should_pause(); });
      refuse_non_finite();
    }
    pause();
  }
  if (schedule_.sample_interval > 0 && sampled_at_ != trainer_.iteration()) write_samples();
  if (checkpoints_.taken_at() != trainer_.iteration()) save_checkpoint();
  stats_.finish();
  const int signal = requests_.stop_signal();
  look_at_end(signal);
  background_.finish();
  if (events_) events_->flush();
  progress_.finish();
  folder_.log("checkpoints " + checkpoints_.cost());
  explain_stop(signal);
  return {.has_collapsed = collapse_.ends_run(),
          .alarm = watch_ ? watch_->last().alarm : "",
          .was_well = watch_ && !watch_->alarm().is_learning(),
          .signal = signal,
          .iterations = trainer_.iteration(),
          .seconds = seconds(),
          .last_epoch_seconds = last_epoch_seconds_};
}

void TrainingSession::look_at_end(int signal) {
  const std::int64_t done = trainer_.iteration();
  if (!watch_ || done == 0) return;
  if (!schedule_.look_due_at(done - 1)) {
    watch_->look_at_end();
    if (events_) events_->add(watch_->last(), trainer_, false);
    for (const std::string& line : collapse_.answer_at_end(*watch_, signal != 0)) say(line);
  }
  const Look& look = watch_->last();
  if (look.wrong.empty() || !look.alarm.empty() || !watch_->alarm().is_learning()) return;
  say("no look has found the generator well yet; the last one, iteration " + std::to_string(look.iteration) + ": " +
      look.wrong);
}

void TrainingSession::explain_stop(int signal) {
  if (signal == 0 && trainer_.iteration() == schedule_.total) return;
  const char* const why = signal != 0            ? "by a signal"
                          : collapse_.ends_run() ? "as the generator has collapsed"
                                                 : "at the time limit (--minutes)";
  const std::string line = std::string("stopped ") + why + " after " + std::to_string(trainer_.iteration()) +
                           " iterations; the state is saved";
  say(line);
}

void TrainingSession::take_stats(std::span<const IterationStats> stats) {
  if (stats.empty()) return;
  const double time = seconds();
  for (const IterationStats& iteration : stats) {
    stats_.add(iteration, time);
    if (events_) events_->add(iteration);
    epoch_.add(iteration);
    if (!non_finite_ && !is_finite(iteration)) non_finite_ = iteration;
  }
  last_ = stats.back();
  progress_.update(stats.back());
}

void TrainingSession::refuse_non_finite() {
  stats_.flush();
  if (events_) events_->flush();
  if (!non_finite_) return;
  stats_.finish();
  background_.finish();
  const std::int64_t saved = checkpoints_.written_at();
  throw NonFiniteError("iteration " + std::to_string(non_finite_->iteration) + ": " + describe_losses(*non_finite_) +
                       ". The weights after it are not saved; " +
                       (saved < 0 ? "no checkpoint was saved before"
                                  : "the last good checkpoint is " + folder_.checkpoints().file(saved).string()) +
                       ".");
}

void TrainingSession::pause() {
  const std::int64_t done = trainer_.iteration();
  background_.rethrow();
  save_is_wanted_ = save_is_wanted_ || requests_.take_save();
  if (paused_at_ != done) write_what_is_due();
  // After all else that is due: whoever goes on from a checkpoint finds the rest done.
  const bool is_wanted = schedule_.checkpoint_due_at(done) || checkpoints_.is_due(done) || save_is_wanted_;
  if (is_wanted && checkpoints_.taken_at() != done) save_checkpoint();
  if (!save_is_wanted_) return;
  save_is_wanted_ = false;
  background_.finish();  // whoever asked may switch the machine off
  say("saved after " + std::to_string(done) + " iterations, as SIGUSR1 asked");
}

void TrainingSession::write_what_is_due() {
  paused_at_ = trainer_.iteration();
  if (schedule_.script_picture_due_at(paused_at_)) write_script_picture();
  if (schedule_.sample_due_at(paused_at_)) write_samples();
  if (epoch_.iterations > 0 && schedule_.epoch_ends_at(paused_at_)) end_epoch();
}

void TrainingSession::say(const std::string& line) {
  progress_.message(line);
  folder_.log(line);
}

void TrainingSession::end_epoch() {
  const auto count = static_cast<double>(epoch_.iterations);
  last_epoch_seconds_ = seconds() - epoch_start_;
  const EpochSummary summary = {.epoch = static_cast<int>(trainer_.iteration() / schedule_.iterations_per_epoch),
                                .discriminator_loss = epoch_.discriminator_loss / count,
                                .generator_loss = epoch_.generator_loss / count,
                                .d_real = epoch_.d_real / count,
                                .d_fake = epoch_.d_fake / count,
                                .seconds = last_epoch_seconds_};
  const RunSize size = {.epochs = options_.epochs,
                        .iterations = schedule_.total,
                        .iterations_per_epoch = schedule_.iterations_per_epoch,
                        .images_per_epoch = images_};
  const std::string line = epoch_line(size, summary);
  say(line);
  background_.submit([this] { report_.write_if_due(); });
  epoch_ = {};
  epoch_start_ = seconds();
}

void TrainingSession::write_samples() {
  sampled_at_ = trainer_.iteration();
  background_.submit([this, done = sampled_at_, file = folder_.sample_file(sampled_at_),
                      images = trainer_.generate(latents_, options_.sample_statistics)] {
    const Picture picture = grid_of(images, kSampleColumns, PixelRange::fixed, options_.scale);
    write_png(file, picture);
    if (events_) events_->add_samples(done, picture);
  });
}

void TrainingSession::write_script_picture() {
  const std::int64_t iteration = trainer_.iteration() - 1;
  const bool is_last = schedule_.epoch_ends_at(trainer_.iteration());
  const IterationShape& shape = is_last ? epoch_plan_.last : epoch_plan_.full;
  const int count = std::min(kScriptImages, *std::min_element(shape.begin(), shape.end()));
  background_.submit([file = folder_.script_picture_file(iteration), images = trainer_.last_generated(count)] {
    write_grid(file, images, kScriptColumns, PixelRange::minmax);
  });
}

void TrainingSession::save_checkpoint() {
  checkpoints_.save(trainer_.iteration(), [this] {
    TensorFile state = trainer_.state();
    SessionMemory memory = {epoch_, last_, std::nullopt};
    if (watch_ && options_.on_collapse != OnCollapse::warn) memory.collapse = collapse_.memory(*watch_);
    append_session(state, memory);
    return state;
  });
}

}  // namespace duel::app
