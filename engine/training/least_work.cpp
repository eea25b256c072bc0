#include "engine/training/least_work.h"

#include "engine/configuration/network_layout.h"

namespace duel {
namespace {

constexpr double kFlopsOfWeight = 2;
constexpr double kBytesOfValue = 4;
constexpr double kBytesOfPassedOn = 2 * kBytesOfValue;  // written once, read once

// A parameter and the optimizer's states, read and written.
double bytes_of_updated(OptimizerKind optimizer) {
  return (1 + static_cast<double>(traits_of(optimizer).states.size())) * 2 * kBytesOfValue;
}

// What one network has, for one sample.
struct Size {
  double weights = 0, first_weights = 0;  // of linear layers, without biases
  double outputs = 0;                     // of all layers
  double parameters = 0;

  explicit Size(const NetworkLayout& layout) : parameters(static_cast<double>(layout.parameter_count())) {
    for (const LayerSlots& layer : layout.layers) {
      weights += static_cast<double>(layer.in) * layer.rows();
      outputs += layer.out;
    }
    first_weights = static_cast<double>(layout.layers.front().in) * layout.layers.front().rows();
  }
  double weights_after_first() const { return weights - first_weights; }
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
  void generate() {
    pass(batch_, generator_.weights);
    work_.bytes += kBytesOfPassedOn * batch_ * generator_.outputs;
  }
  // Images to probabilities, and the gradients at all layers' outputs.
  void judge(double samples) {
    pass(samples, discriminator_.weights + discriminator_.weights_after_first());
    work_.bytes += kBytesOfPassedOn * samples * 2 * discriminator_.outputs;
  }
  void update_discriminator() {
    pass(2 * batch_, discriminator_.weights);
    work_.bytes += bytes_of_updated_ * discriminator_.parameters + batch_ * pixels_;
  }
  // From the gradient at D's first layer to G's update.
  void update_generator() {
    pass(batch_, discriminator_.first_weights + generator_.weights_after_first() + generator_.weights);
    work_.bytes += bytes_of_updated_ * generator_.parameters + kBytesOfPassedOn * batch_ * generator_.outputs;
  }
  // A pass that updates D alone reads G's parameters, and one that updates G alone D's.
  void only_read(bool is_generator) {
    work_.bytes += kBytesOfValue * (is_generator ? generator_ : discriminator_).parameters;
  }

  double batch() const { return batch_; }
  const LeastWork& work() const { return work_; }

 private:
  void pass(double samples, double weights) { work_.flops += kFlopsOfWeight * samples * weights; }

  double batch_, pixels_, bytes_of_updated_;
  Size generator_, discriminator_;
  LeastWork work_;
};

}  // namespace

LeastWork least_work(const TrainingConfig& config) {
  Counter counter(config);
  const auto train_discriminator = [&](bool generator_too) {
    counter.generate();
    counter.judge(2 * counter.batch());
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
  return counter.work();
}

}  // namespace duel
