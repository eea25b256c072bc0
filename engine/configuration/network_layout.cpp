#include "engine/configuration/network_layout.h"

#include <algorithm>
#include <limits>

namespace duel {
namespace {

// Every tensor starts at a multiple of 64 bytes, so that kernels can load vectors. The padding is zero and stays so.
constexpr std::size_t kAlignment = 16;

class LayoutBuilder {
 public:
  // `module`: index in the script's nn.Sequential.
  void add_linear(int in, int out, bool batch_norm, int module, int pieces = 0) {
    const std::string linear = "model." + std::to_string(module) + ".";
    LayerSlots layer;
    layer.in = in;
    layer.out = out;
    layer.batch_norm = batch_norm;
    layer.pieces = pieces;
    layer.weight = place(linear + "weight", {layer.rows(), in}, parameters_);
    layer.bias = place(linear + "bias", {layer.rows()}, parameters_);
    if (batch_norm) {
      const std::string norm = "model." + std::to_string(module + 1) + ".";
      layer.gamma = place(norm + "weight", {out}, parameters_);
      layer.beta = place(norm + "bias", {out}, parameters_);
      layer.running_mean = place(norm + "running_mean", {out}, statistics_);
      layer.running_variance = place(norm + "running_var", {out}, statistics_);
      layer.batches_tracked = norm + "num_batches_tracked";
    }
    layout_.layers.push_back(std::move(layer));
  }

  // `field`: of the configuration, for the error.
  NetworkLayout finish(const char* field) {
    constexpr int kMost = std::numeric_limits<int>::max();
    if (parameters_ > kMost) {
      throw ConfigError(field, "a list that asks for " + std::to_string(parameters_) + " parameters",
                        "narrower or fewer layers: at most " + std::to_string(kMost) + " parameters");
    }
    layout_.parameters = static_cast<int>(parameters_);
    layout_.statistics = static_cast<int>(statistics_);
    return std::move(layout_);
  }

 private:
  static TensorSlot place(std::string name, std::vector<std::int64_t> shape, std::size_t& end) {
    TensorSlot slot{std::move(name), std::move(shape), end};
    end = (end + slot.size() + kAlignment - 1) / kAlignment * kAlignment;
    return slot;
  }

  NetworkLayout layout_;
  std::size_t parameters_ = 0, statistics_ = 0;
};

}  // namespace

std::size_t TensorSlot::size() const {
  std::size_t size = 1;
  for (std::int64_t extent : shape) size *= static_cast<std::size_t>(extent);
  return size;
}

std::vector<const TensorSlot*> NetworkLayout::parameter_slots() const {
  std::vector<const TensorSlot*> slots;
  for (const LayerSlots& layer : layers) {
    slots.insert(slots.end(), {&layer.weight, &layer.bias});
    if (layer.batch_norm) slots.insert(slots.end(), {&layer.gamma, &layer.beta});
  }
  return slots;
}

std::vector<const TensorSlot*> NetworkLayout::statistic_slots() const {
  std::vector<const TensorSlot*> slots;
  for (const LayerSlots& layer : layers) {
    if (layer.batch_norm) slots.insert(slots.end(), {&layer.running_mean, &layer.running_variance});
  }
  return slots;
}

std::int64_t NetworkLayout::parameter_count() const {
  std::int64_t count = 0;
  for (const TensorSlot* slot : parameter_slots()) count += static_cast<std::int64_t>(slot->size());
  return count;
}

bool NetworkLayout::has_batch_norm() const {
  return std::any_of(layers.begin(), layers.end(), [](const LayerSlots& layer) { return layer.batch_norm; });
}

NetworkLayout generator_layout(const NetworkConfig& config) {
  LayoutBuilder builder;
  int in = config.generator_inputs(), module = 0;
  for (std::size_t i = 0; i < config.generator_widths.size(); ++i) {
    const bool batch_norm = i > 0 && config.generator_norm == GeneratorNorm::batch;
    builder.add_linear(in, config.generator_widths[i], batch_norm, module);
    in = config.generator_widths[i];
    module += batch_norm ? 3 : 2;  // Linear, BatchNorm1d, LeakyReLU
  }
  builder.add_linear(in, config.pixels(), false, module);
  return builder.finish("generator_widths");
}

NetworkLayout perceptron_layout(int inputs, const std::vector<int>& widths, int outputs, int pieces,
                                DropoutModules dropout, const char* field) {
  LayoutBuilder builder;
  int in = inputs, module = dropout.in_input ? 1 : 0;
  for (const int width : widths) {
    builder.add_linear(in, width, false, module, pieces);
    in = width;
    module += dropout.in_hidden ? 3 : 2;  // Linear, the activation, perhaps Dropout
  }
  builder.add_linear(in, outputs, false, module);
  return builder.finish(field);
}

NetworkLayout discriminator_layout(const NetworkConfig& config) {
  const int pieces = config.discriminator_unit == DiscriminatorUnit::maxout ? config.maxout_pieces : 0;
  return perceptron_layout(config.discriminator_inputs(), config.discriminator_widths, 1, pieces,
                           {.in_input = config.input_keep < 1, .in_hidden = config.hidden_keep < 1},
                           "discriminator_widths");
}

}  // namespace duel
