#include "app/training/training_watch.h"

#include <cerrno>
#include <limits>
#include <system_error>

#include "app/training/json_number.h"
#include "engine/data/float_images.h"

namespace duel::app {
namespace {

constexpr int kImages = 256;                 // real and generated ones of a look
constexpr int kCompared = 64;                // of them, in pairs
constexpr std::uint64_t kSeed = 0x4c4f4f4b;  // "LOOK": the same latents in every run
constexpr int kDigits = 9;

std::vector<float> first_values(const std::vector<float>& values, std::size_t count) {
  return {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(std::min(count, values.size()))};
}

double distance_within(const std::vector<float>& images, int pixels) {
  const auto some = first_values(images, static_cast<std::size_t>(kCompared) * static_cast<std::size_t>(pixels));
  return some.size() < 2 * static_cast<std::size_t>(pixels) ? 0 : mean_pairwise_distance(some, pixels);
}

/// Of the images that a look judges.
std::vector<std::uint8_t> classes_of_first(const ImageSet& images, const ClassLabels& labels) {
  if (labels.count() == 0) return {};
  return labels.classes_of(std::span(images.labels).first(static_cast<std::size_t>(std::min(kImages, images.count))));
}

}  // namespace

std::string look_line(const Look& look, std::int64_t epoch, const Equilibrium& equilibrium) {
  const auto number = [](double value) { return json_number(value, kDigits); };
  nlohmann::ordered_json line = {{"iteration", look.iteration},
                                 {"epoch", epoch},
                                 {"d_real", number(look.players.d_real)},
                                 {"d_fake", number(look.players.d_fake)},
                                 {"value", number(look.players.value)},
                                 {"value_gap", number(look.players.value - equilibrium.value)},
                                 {"d_accuracy", number(look.players.accuracy)},
                                 {"generator_update", number(look.updates.generator)},
                                 {"discriminator_update", number(look.updates.discriminator)},
                                 {"update_ratio", number(look.updates.generator / look.updates.discriminator)},
                                 {"pairwise_distance", number(look.samples.pairwise_distance)}};
  if (!look.samples.classes.shares.empty()) {
    for (const double share : look.samples.classes.shares) line["class_shares"].push_back(number(share));
    line["class_entropy"] = number(look.samples.classes.entropy);
  }
  line["bad_looks"] = look.bad_looks;
  line["alarm"] = look.alarm;
  return line.dump();
}

TrainingWatch::TrainingWatch(const std::filesystem::path& file, const ImageSet& images, Trainer& trainer,
                             BatchStatistics statistics, std::int64_t patience, CountClasses count_classes)
    : file_(file),
      trainer_(trainer),
      statistics_(statistics),
      count_classes_(std::move(count_classes)),
      latents_(draw_latents(kImages, trainer.config().networks, kSeed)),
      real_images_(float_images(images, 0, kImages, trainer.config().networks.image_range()).values),
      classes_(classes_in_turn(kImages, trainer.config().networks.classes)),
      real_classes_(classes_of_first(images, trainer.class_labels())),
      real_distance_(distance_within(real_images_, trainer.config().networks.pixels())),
      equilibrium_(equilibrium_of(trainer.config().loss, trainer.config().real_label, trainer.config().generator_loss)),
      alarm_(trainer.config().loss, trainer.config().real_label, patience) {
  errno = 0;
  out_.open(file, std::ios::app);
  check();
}

void TrainingWatch::check() const {
  if (out_) return;
  throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(), "cannot write " + file_.string());
}

void TrainingWatch::write(const std::string& line) {
  errno = 0;
  out_ << line << std::flush;
  check();
}

SampleDiversity TrainingWatch::diversity(const FloatImages& samples) const {
  SampleDiversity diversity;
  const double distance = distance_within(samples.values, trainer_.config().networks.pixels());
  diversity.pairwise_distance = real_distance_ > 0 ? distance / real_distance_ : 1;
  if (count_classes_) diversity.classes = count_classes_(samples);
  return diversity;
}

const Look& TrainingWatch::look(const Trainer::OnStats& on_stats, bool keep_gradients) {
  return look_at_state(trainer_.run_measured(on_stats, keep_gradients), alarm_);
}

const Look& TrainingWatch::look_at_end() {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  CollapseAlarm alarm = alarm_;
  return look_at_state({kUnknown, kUnknown}, alarm);
}

const Look& TrainingWatch::look_at_state(UpdateNorms updates, CollapseAlarm& alarm) {
  last_.updates = updates;
  last_.iteration = trainer_.iteration();
  const FloatImages samples = trainer_.generate(latents_, statistics_);
  last_.players = convergence_of(trainer_.config().loss, trainer_.judge(real_images_, real_classes_),
                                 trainer_.judge(samples.values, classes_));
  last_.samples = diversity(samples);
  last_.alarm = alarm.look(last_.iteration, last_.players, last_.samples);
  last_.wrong = alarm.wrong();
  last_.bad_looks = alarm.memory().bad_looks;
  write(look_line(last_, (last_.iteration - 1) / trainer_.iterations_per_epoch() + 1, equilibrium_) + "\n");
  return last_;
}

}  // namespace duel::app
