#include "engine/training/least_work.h"

#include "engine/configuration/network_layout.h"
#include "engine/training/planned_iteration.h"

namespace duel {
namespace {

constexpr double kBytesOfValue = 4;
constexpr double kBytesOfPassedOn = 2 * kBytesOfValue;  // written once, read once

// A parameter and the optimizer's states, read and written.
double bytes_of_updated(OptimizerKind optimizer) {
  return (1 + static_cast<double>(traits_of(optimizer).states.size())) * 2 * kBytesOfValue;
}

// What one network has, for one sample.
struct Size {
  double outputs = 0;  // of all layers
  double parameters = 0;

  explicit Size(const NetworkLayout& layout) : parameters(static_cast<double>(layout.parameter_count())) {
    for (const LayerSlots& layer : layout.layers) outputs += layer.out;
  }
};

class Counter {
 public:
  explicit Counter(const TrainingConfig& config)
      : batch_(config.batch_size),
        pixels_(config.networks.pixels()),
        bytes_of_updated_(bytes_of_updated(config.optimizer.kind)),
        generator_(generator_layout(config.networks)),
        discriminator_(discriminator_layout(config.networks)) {}

  // Latents to images.
  void generate() { bytes_ += kBytesOfPassedOn * batch_ * generator_.outputs; }
  // Images to scores, and the gradients at all layers' outputs.
  void judge(double samples) { bytes_ += kBytesOfPassedOn * samples * 2 * discriminator_.outputs; }
  // Points, their pass, the gradients of their scores, and these through D once more.
  void penalise() {
    judge(batch_);
    bytes_ += kBytesOfPassedOn * batch_ * (2 * pixels_ + discriminator_.outputs);
  }
  void update_discriminator() { bytes_ += bytes_of_updated_ * discriminator_.parameters + batch_ * pixels_; }
  // From the gradient at D's first layer to G's update.
  void update_generator() {
    bytes_ += bytes_of_updated_ * generator_.parameters + kBytesOfPassedOn * batch_ * generator_.outputs;
  }
  // A pass that updates D alone reads G's parameters, and one that updates G alone D's.
  void only_read(bool is_generator) {
    bytes_ += kBytesOfValue * (is_generator ? generator_ : discriminator_).parameters;
  }

  double batch() const { return batch_; }
  double bytes() const { return bytes_; }

 private:
  double batch_, pixels_, bytes_of_updated_;
  Size generator_, discriminator_;
  double bytes_ = 0;
};

double least_bytes(const TrainingConfig& config) {
  Counter counter(config);
  const auto train_discriminator = [&](bool generator_too) {
    counter.generate();
    counter.judge(2 * counter.batch());
    if (config.penalty_weights.chosen()) counter.penalise();
    counter.update_discriminator();
    if (generator_too) return counter.update_generator();
    counter.only_read(true);
  };
  const bool shares_a_pass = config.order != UpdateOrder::discriminator_first;
  for (int step = 0; step < config.discriminator_steps; ++step) train_discriminator(shares_a_pass && step == 0);
  if (!shares_a_pass) {
    counter.generate();
    counter.judge(counter.batch());
    counter.update_generator();
    counter.only_read(false);
  }
  return counter.bytes();
}

// Of the products of what the step fused records, whichever step is asked for.
double least_flops(TrainingConfig config) {
  config.step = StepKind::fused;
  const int images = config.batch_size * config.discriminator_steps;
  double flops = 0;
  const TaskList list = plan_tasks(config, images);
  for (const Task& task : list.tasks()) flops += task.work().flops.products;
  return flops;
}

}  // namespace

LeastWork least_work(const TrainingConfig& config) {
  return {least_flops(config), least_bytes(config)};
}

}  // namespace duel
