#include "engine/configuration/network_layout.h"

#include <algorithm>
#include <limits>

namespace duel {
namespace {

// Every tensor starts at a multiple of 64 bytes, so that kernels can load vectors. The padding is zero and stays so.
constexpr std::size_t kAlignment = 16;

constexpr int kMost = std::numeric_limits<int>::max();
// torch.nn.BatchNorm2d's own, which the script leaves its first one.
constexpr float kUsualEps = 1e-5f;

TensorSlot place(std::string name, std::vector<std::int64_t> shape, std::size_t& end) {
  TensorSlot slot{std::move(name), std::move(shape), end};
  end = (end + slot.size() + kAlignment - 1) / kAlignment * kAlignment;
  return slot;
}

class LayoutBuilder {
 public:
  // All layers are of fields of the configuration, for errors. Names are those of modules in the script.
  // `embedded_classes`: of the label embedding that the first layer reads; 0: there is none.
  explicit LayoutBuilder(std::string field, int embedded_classes = 0) : field_(std::move(field)) {
    if (embedded_classes == 0) return;
    layout_.label_embedding = place("label_embedding.weight", {embedded_classes, embedded_classes}, parameters_);
  }

  void add_linear(const std::string& name, int in, int out, int pieces = 0) {
    LayerSlots layer{.in = in, .out = out, .pieces = pieces};
    place_weight(layer, name, {layer.rows(), in}, layer.rows());
    layout_.layers.push_back(std::move(layer));
  }

  // Batch norm of the newest layer's rows, as a part of it.
  void add_row_norm(const std::string& name, float eps) {
    LayerSlots& layer = layout_.layers.back();
    place_norm(layer, name, layer.out, eps);
  }

  // At the end of the newest layer.
  void add_leaky_relu() { layout_.layers.back().has_leaky_relu = true; }

  void add_convolution(const std::string& name, const ConvolutionGeometry& geometry) {
    const ImageShape from = geometry.layer_input(), to = geometry.layer_output();
    LayerSlots layer{.kind = LayerKind::convolution,
                     .in = rows_of(from),
                     .out = rows_of(to),
                     .geometry = geometry,
                     .pixels = to.pixels()};
    place_weight(layer, name, {geometry.out_channels, geometry.input.channels, geometry.kernel, geometry.kernel},
                 to.channels);
    layout_.layers.push_back(std::move(layer));
  }

  // Batch norm of images, as a layer of its own.
  void add_channel_norm(const std::string& name, const ImageShape& image, float eps) {
    LayerSlots layer{
        .kind = LayerKind::batch_norm, .in = rows_of(image), .out = rows_of(image), .pixels = image.pixels()};
    place_norm(layer, name, image.channels, eps);
    layout_.layers.push_back(std::move(layer));
  }

  // Of an image as a column. Throws ConfigError where nobody can count them.
  int rows_of(const ImageShape& image) const {
    const std::int64_t rows = std::int64_t{image.channels} * image.pixels();
    if (rows > kMost) refuse(std::to_string(rows) + " values in a layer", "values");
    return static_cast<int>(rows);
  }

  NetworkLayout finish() {
    if (parameters_ > kMost) refuse(std::to_string(parameters_) + " parameters", "parameters");
    layout_.parameters = static_cast<int>(parameters_);
    layout_.statistics = static_cast<int>(statistics_);
    layout_.layers.front().embeds_classes = layout_.has_label_embedding();
    return std::move(layout_);
  }

 private:
  [[noreturn]] void refuse(const std::string& found, const std::string& what) const {
    throw ConfigError(field_, "a list that asks for " + found,
                      "narrower or fewer layers: at most " + std::to_string(kMost) + " " + what);
  }

  void place_weight(LayerSlots& layer, const std::string& name, std::vector<std::int64_t> shape, int biases) {
    layer.weight = place(name + ".weight", std::move(shape), parameters_);
    layer.bias = place(name + ".bias", {biases}, parameters_);
  }

  void place_norm(LayerSlots& layer, const std::string& name, int channels, float eps) {
    layer.batch_norm = true;
    layer.eps = eps;
    layer.gamma = place(name + ".weight", {channels}, parameters_);
    layer.beta = place(name + ".bias", {channels}, parameters_);
    layer.running_mean = place(name + ".running_mean", {channels}, statistics_);
    layer.running_variance = place(name + ".running_var", {channels}, statistics_);
    layer.batches_tracked = name + ".num_batches_tracked";
  }

  std::string field_;
  NetworkLayout layout_;
  std::size_t parameters_ = 0, statistics_ = 0;
};

std::string numbered(const std::string& name, int module) {
  return name + "." + std::to_string(module);
}

int embedded_classes(const NetworkConfig& config) {
  return config.embeds_classes() ? config.classes : 0;
}

NetworkLayout dcgan_generator_layout(const NetworkConfig& config) {
  const bool batch_norm = config.generator_norm == NetworkNorm::batch;
  const std::vector<int>& widths = config.generator_widths;
  LayoutBuilder builder("generator_widths", embedded_classes(config));
  const int size = config.image_size >> (widths.size() - 1);
  ImageShape image{widths.front(), size, size};
  builder.add_linear("l1.0", config.generator_inputs(), builder.rows_of(image));
  int module = 0;
  const auto norm = [&](float eps) {
    if (batch_norm) builder.add_channel_norm(numbered("conv_blocks", module++), image, eps);
  };
  const auto convolution = [&](int channels, int upsample) {
    const ConvolutionGeometry geometry{.input = image, .out_channels = channels, .upsample = upsample};
    builder.add_convolution(numbered("conv_blocks", module++), geometry);
    image = geometry.layer_output();
  };
  norm(kUsualEps);
  for (std::size_t i = 1; i < widths.size(); ++i) {
    ++module;  // Upsample
    convolution(widths[i], 2);
    norm(config.batch_norm_eps);
    builder.add_leaky_relu();
    ++module;
  }
  convolution(config.channels, 1);
  return builder.finish();
}

NetworkLayout dcgan_discriminator_layout(const NetworkConfig& config) {
  const bool batch_norm = config.discriminator_norm == NetworkNorm::batch, dropout = config.hidden_keep < 1;
  LayoutBuilder builder("discriminator_widths", embedded_classes(config));
  ImageShape image{config.channels + config.classes, config.image_size, config.image_size};
  int module = 0;
  for (const int width : config.discriminator_widths) {
    const bool is_first = module == 0;
    const ConvolutionGeometry geometry{.input = image, .out_channels = width, .stride = 2};
    builder.add_convolution(numbered("model", module), geometry);
    builder.add_leaky_relu();
    image = geometry.layer_output();
    module += dropout ? 3 : 2;  // Conv2d, LeakyReLU, perhaps Dropout2d
    if (batch_norm && !is_first) builder.add_channel_norm(numbered("model", module++), image, config.batch_norm_eps);
  }
  builder.add_linear("adv_layer.0", image.rows(), 1);
  return builder.finish();
}

// Of all weights.
NetworkLayout with_spectral_norm(NetworkLayout layout) {
  auto statistics = static_cast<std::size_t>(layout.statistics);
  for (LayerSlots& layer : layout.layers) {
    if (!layer.has_weight()) continue;
    std::string& name = layer.weight.name;  // of "model.0.weight" comes "model.0.parametrizations.weight.original"
    const std::string normalized = name.insert(name.rfind('.') + 1, "parametrizations.");
    name = normalized + ".original";
    layer.u = place(normalized + ".0._u", {layer.weight_rows()}, statistics);
    layer.v = place(normalized + ".0._v", {layer.weight_columns()}, statistics);
  }
  layout.statistics = static_cast<int>(statistics);
  return layout;
}

}  // namespace

std::size_t TensorSlot::size() const {
  std::size_t size = 1;
  for (std::int64_t extent : shape) size *= static_cast<std::size_t>(extent);
  return size;
}

std::string TensorSlot::module() const {
  return name.substr(0, name.rfind('.'));
}

std::vector<const TensorSlot*> NetworkLayout::parameter_slots() const {
  std::vector<const TensorSlot*> slots;
  if (has_label_embedding()) slots.push_back(&label_embedding);
  for (const LayerSlots& layer : layers) {
    if (layer.has_weight()) slots.insert(slots.end(), {&layer.weight, &layer.bias});
    if (layer.batch_norm) slots.insert(slots.end(), {&layer.gamma, &layer.beta});
  }
  return slots;
}

std::vector<const TensorSlot*> NetworkLayout::statistic_slots() const {
  std::vector<const TensorSlot*> slots;
  for (const LayerSlots& layer : layers) {
    if (layer.batch_norm) slots.insert(slots.end(), {&layer.running_mean, &layer.running_variance});
    if (layer.has_spectral_norm()) slots.insert(slots.end(), {&layer.u, &layer.v});
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

bool NetworkLayout::has_spectral_norm() const {
  return std::any_of(layers.begin(), layers.end(), [](const LayerSlots& layer) { return layer.has_spectral_norm(); });
}

NetworkLayout generator_layout(const NetworkConfig& config) {
  if (config.kind == NetworkKind::dcgan) return dcgan_generator_layout(config);
  LayoutBuilder builder("generator_widths", embedded_classes(config));
  int in = config.generator_inputs(), module = 0;
  for (std::size_t i = 0; i < config.generator_widths.size(); ++i) {
    const bool batch_norm = i > 0 && config.generator_norm == NetworkNorm::batch;
    builder.add_linear(numbered("model", module), in, config.generator_widths[i]);
    if (batch_norm) builder.add_row_norm(numbered("model", module + 1), config.batch_norm_eps);
    builder.add_leaky_relu();
    in = config.generator_widths[i];
    module += batch_norm ? 3 : 2;  // Linear, BatchNorm1d, LeakyReLU
  }
  builder.add_linear(numbered("model", module), in, config.pixels());
  return builder.finish();
}

NetworkLayout perceptron_layout(int inputs, const std::vector<int>& widths, int outputs,
                                const PerceptronSettings& settings) {
  LayoutBuilder builder(settings.field, settings.embedded_classes);
  int in = inputs, module = settings.drops_input ? 1 : 0;
  for (const int width : widths) {
    builder.add_linear(numbered("model", module), in, width, settings.pieces);
    if (settings.pieces == 0) builder.add_leaky_relu();
    in = width;
    module += settings.drops_hidden ? 3 : 2;  // Linear, the activation, perhaps Dropout
  }
  builder.add_linear(numbered("model", module), in, outputs);
  return builder.finish();
}

NetworkLayout discriminator_layout(const NetworkConfig& config) {
  const int pieces = config.discriminator_unit == DiscriminatorUnit::maxout ? config.maxout_pieces : 0;
  NetworkLayout layout = config.kind == NetworkKind::dcgan
                             ? dcgan_discriminator_layout(config)
                             : perceptron_layout(config.discriminator_inputs(), config.discriminator_widths, 1,
                                                 {.pieces = pieces,
                                                  .drops_input = config.input_keep < 1,
                                                  .drops_hidden = config.hidden_keep < 1,
                                                  .embedded_classes = embedded_classes(config),
                                                  .field = "discriminator_widths"});
  return config.discriminator_norm == NetworkNorm::spectral ? with_spectral_norm(std::move(layout)) : layout;
}

}  // namespace duel
