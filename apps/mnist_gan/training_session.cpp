#include "apps/mnist_gan/training_session.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "apps/mnist_gan/exit_code.h"
#include "apps/mnist_gan/monotonic_clock.h"
#include "apps/mnist_gan/pictures.h"
#include "apps/mnist_gan/presets.h"
#include "engine/io/non_finite.h"
#include "engine/state_file.h"

namespace duel::app {
namespace {

constexpr int kSamples = 64, kSampleColumns = 8;
constexpr int kScriptImages = 25, kScriptColumns = 5;
const char* const kRemedy = " Try a smaller --lr, or --bce logits.";
constexpr int kMostRollbacks = 3;
constexpr double kCheckpointSeconds = 60;  // between two checkpoints that no interval asks for

bool is_finite(const IterationStats& stats) {
  return std::isfinite(stats.discriminator_loss) && std::isfinite(stats.generator_loss) &&
         std::isfinite(stats.d_real) && std::isfinite(stats.d_fake);
}

std::string describe(const IterationStats& stats) {
  std::ostringstream text;
  text << "the losses are not finite: discriminator " << stats.discriminator_loss << ", generator "
       << stats.generator_loss << ", D(x) " << stats.d_real << ", D(G(z)) " << stats.d_fake;
  return text.str();
}

std::string collapse_line(const Look& look) {
  return "collapse, iteration " + std::to_string(look.iteration) + ": " + look.alarm;
}

Schedule schedule_of(const TrainOptions& options, std::int64_t iterations_per_epoch) {
  return {.total = iterations_of(options.epochs, iterations_per_epoch, options.max_iterations),
          .iterations_per_epoch = iterations_per_epoch,
          .sample_interval = options.sample_interval,
          .checkpoint_interval = options.checkpoint_interval,
          .has_script_pictures = writes_script_pictures(options),
          .watch_interval = options.watch_interval};
}

}  // namespace

TrainingSession::TrainingSession(const TrainOptions& options, const ImageSet& images, Trainer& trainer,
                                 RunFolder& folder, Progress& progress, SessionRequests requests,
                                 TrainingWatch::CountClasses count_classes)
    : options_(options),
      images_(images.count),
      trainer_(trainer),
      folder_(folder),
      progress_(progress),
      requests_(std::move(requests)),
      epoch_plan_(plan_epoch(options.training, images.count)),
      schedule_(schedule_of(options, epoch_plan_.iterations)),
      stats_(folder.stats_file(), options.log_interval, epoch_plan_.iterations),
      latents_(draw_latents(kSamples, options.training.networks, options.training.seed)),
      start_(monotonic_seconds()),
      report_(folder.path(), monotonic_seconds) {
  if (options.watch_interval == 0) return;
  watch_.emplace(folder.convergence_file(), images, trainer, sample_statistics(options), std::move(count_classes));
}

double TrainingSession::seconds() const {
  return monotonic_seconds() - start_;
}

bool TrainingSession::should_stop() const {
  const bool is_late = options_.minutes > 0 && seconds() >= 60 * options_.minutes;
  return is_late || non_finite_ || has_collapsed_ || requests_.stop_signal() != 0;
}

bool TrainingSession::should_pause() {
  save_is_wanted_ = save_is_wanted_ || requests_.take_save();
  return save_is_wanted_ || should_stop();
}

SessionResult TrainingSession::run() {
  pause();
  while (trainer_.iteration() < schedule_.total && !should_stop()) {
    const std::int64_t done = trainer_.iteration();
    const auto on_stats = [this](std::span<const IterationStats> stats) { take_stats(stats); };
    if (schedule_.look_due_at(done)) {
      watch_->look(on_stats);
      refuse_non_finite();
      answer_collapse();
    } else {
      trainer_.run(schedule_.next_pause(done) - done, on_stats, [this] { return should_pause(); });
      refuse_non_finite();
    }
    pause();
  }
  if (sampled_at_ != trainer_.iteration()) write_samples();
  if (saved_at_ != trainer_.iteration()) save_checkpoint();
  stats_.finish();
  look_at_end();
  background_.finish();
  progress_.finish();
  const int signal = requests_.stop_signal();
  explain_stop(signal);
  return {has_collapsed_,     watch_ ? watch_->last().alarm : "", signal, trainer_.iteration(), seconds(),
          last_epoch_seconds_};
}

void TrainingSession::look_at_end() {
  if (!watch_ || trainer_.iteration() == 0 || watch_->last().iteration == trainer_.iteration()) return;
  const Look& look = watch_->look_at_end();
  if (!look.alarm.empty() && !is_alarmed_) say(collapse_line(look));
}

void TrainingSession::explain_stop(int signal) {
  if (signal == 0 && trainer_.iteration() == schedule_.total) return;
  const char* const why = signal != 0      ? "by a signal"
                          : has_collapsed_ ? "as the generator has collapsed"
                                           : "at the time limit";
  const std::string line = std::string("stopped ") + why + " after " + std::to_string(trainer_.iteration()) +
                           " iterations; the state is saved";
  say(line);
}

void TrainingSession::take_stats(std::span<const IterationStats> stats) {
  if (stats.empty()) return;
  const double time = seconds();
  for (const IterationStats& iteration : stats) {
    stats_.add(iteration, time);
    epoch_.discriminator_loss += iteration.discriminator_loss;
    epoch_.generator_loss += iteration.generator_loss;
    epoch_.d_real += iteration.d_real;
    epoch_.d_fake += iteration.d_fake;
    ++in_epoch_;
    if (!non_finite_ && !is_finite(iteration)) non_finite_ = iteration;
  }
  progress_.update(stats.back());
}

void TrainingSession::refuse_non_finite() {
  stats_.flush();
  if (!non_finite_) return;
  stats_.finish();
  const std::string saved = saved_at_ < 0
                                ? "no checkpoint was saved before"
                                : "the last good checkpoint is " + folder_.checkpoint_file(saved_at_).string();
  throw NonFiniteError("iteration " + std::to_string(non_finite_->iteration) + ": " + describe(*non_finite_) +
                       ". The weights after it are not saved; " + saved + "." + kRemedy);
}

void TrainingSession::pause() {
  const std::int64_t done = trainer_.iteration();
  if (schedule_.script_picture_due_at(done)) write_script_picture();
  if (schedule_.sample_due_at(done)) write_samples();
  const bool is_epoch_end = in_epoch_ > 0 && schedule_.epoch_ends_at(done);
  const bool is_old = options_.checkpoint_interval == 0 && seconds() - saved_time_ >= kCheckpointSeconds;
  if (schedule_.checkpoint_due_at(done) || (is_epoch_end && is_old) || save_is_wanted_) save_checkpoint();
  if (save_is_wanted_) say("saved after " + std::to_string(done) + " iterations, as SIGUSR1 asked");
  save_is_wanted_ = false;
  if (is_epoch_end) end_epoch();
}

void TrainingSession::answer_collapse() {
  const Look& look = watch_->last();
  const bool was_alarmed = is_alarmed_;
  is_alarmed_ = !look.alarm.empty();
  if (watch_->is_healthy() && options_.on_collapse == OnCollapse::rollback) healthy_ = trainer_.state();
  if (was_alarmed && !is_alarmed_) say("iteration " + std::to_string(look.iteration) + ": the collapse is over");
  if (!is_alarmed_ || was_alarmed) return;
  say(collapse_line(look));
  if (options_.on_collapse == OnCollapse::warn) return;
  const bool can_return = !healthy_.tensors.empty() && rollbacks_ < kMostRollbacks;
  if (options_.on_collapse == OnCollapse::stop || !can_return) {
    has_collapsed_ = true;
    return;
  }
  trainer_.roll_back(healthy_);
  watch_->reset();
  is_alarmed_ = false;
  ++rollbacks_;
  say("returned to the networks after iteration " + std::to_string(find_integers(healthy_, "iteration", 1)[0]) +
      ", rollback " + std::to_string(rollbacks_) + " of " + std::to_string(kMostRollbacks));
}

void TrainingSession::say(const std::string& line) {
  progress_.message(line);
  folder_.log(line);
}

void TrainingSession::end_epoch() {
  const auto count = static_cast<double>(in_epoch_);
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
  in_epoch_ = 0;
  epoch_start_ = seconds();
}

void TrainingSession::write_samples() {
  sampled_at_ = trainer_.iteration();
  background_.submit(
      [file = folder_.sample_file(sampled_at_), images = trainer_.generate(latents_, sample_statistics(options_))] {
        write_grid(file, images, kSampleColumns, PixelRange::fixed);
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
  const TensorFile state = trainer_.state();
  if (const auto bad = find_non_finite(state)) {
    throw NonFiniteError("after iteration " + std::to_string(trainer_.iteration() - 1) + ": " + *bad +
                         "; this state is not saved." + kRemedy);
  }
  saved_at_ = trainer_.iteration();
  folder_.save_checkpoint(saved_at_, state, options_.keep_checkpoints);
  saved_time_ = seconds();
}

}  // namespace duel::app
