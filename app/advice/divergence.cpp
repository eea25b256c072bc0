#include "app/advice/divergence.h"

#include <fmt/core.h>
#include <cmath>

#include "app/settings/setting.h"

namespace duel::app {

bool is_finite(const IterationStats& stats) {
  return std::isfinite(stats.discriminator_loss) && std::isfinite(stats.generator_loss) &&
         std::isfinite(stats.d_real) && std::isfinite(stats.d_fake);
}

std::string describe_losses(const IterationStats& stats) {
  return fmt::format("the losses are not finite: discriminator {:g}, generator {:g}, D(x) {:g}, D(G(z)) {:g}",
                     stats.discriminator_loss, stats.generator_loss, stats.d_real, stats.d_fake);
}

std::string cross_entropy_flags(const TrainingConfig& training) {
  return facts_of(training.loss).judges_by_probability ? "--loss cross_entropy" : "--game gan";
}

std::string remedy_of_divergence(const TrainOptions& options) {
  const TrainingConfig& training = options.training;
  std::string text = "a smaller --" + hyphenated(learning_rate_of(training.optimizer).name);
  if (training.networks.generator_init > 0) text += ", or a smaller --generator-init";
  if (training.networks.discriminator_init > 0) text += ", or a smaller --discriminator-init";
  if (training.loss != loss_kind<CrossEntropy>()) text += ", or " + cross_entropy_flags(training);
  if (training.precision != Precision::fp32) text += ", or --precision fp32";
  return text;
}

}  // namespace duel::app
