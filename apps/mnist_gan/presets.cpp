#include "apps/mnist_gan/presets.h"

#include "apps/mnist_gan/exit_code.h"
#include "engine/suggest.h"

namespace duel::app {
namespace {

/// Options and TrainingConfig start from the script's values.
TrainOptions blog() {
  TrainOptions options;
  options.preset = "blog";
  return options;
}

TrainOptions default_preset() {
  TrainOptions options = blog();
  options.preset = "default";
  options.training.bce_form = BceForm::logits;
  // BatchNorm1d's own value. With the script's 0.8 hidden layers are barely normalised, and it collapses to a few
  // digits.
  options.training.networks.batch_norm_eps = 1e-5f;
  return options;
}

}  // namespace

std::vector<std::string> preset_names() {
  return {"default", "blog"};
}

TrainOptions preset(const std::string& name) {
  if (name == "blog") return blog();
  if (name == "default") return default_preset();
  throw UsageError("expected default or blog, found '" + name + "'" + did_you_mean(name, preset_names()));
}

BatchStatistics sample_statistics(const TrainOptions& options) {
  return options.preset == "blog" ? BatchStatistics::batch : BatchStatistics::running;
}

bool writes_script_pictures(const TrainOptions& options) {
  return options.preset == "blog";
}

}  // namespace duel::app
