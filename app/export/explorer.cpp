#include "app/export/explorer.h"

#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <utility>

#include "app/report/html.h"
#include "engine/io/json_text.h"
#include "engine/networks/latents.h"
#include "explorer_text.h"

namespace duel::app {
namespace {

using OrderedJson = nlohmann::ordered_json;

/// A matrix, what is added, and the activation, as the page's script runs them. A convolution has a row of the matrix
/// for each of its channels, of padding and kernel such that images keep their size.
struct DrawnLayer {
  int inputs = 0, outputs = 0;      ///< of the matrix
  std::vector<float> weight, bias;  ///< [outputs, inputs], [outputs]
  Module activation;
  int kernel = 0, upsample = 1;  ///< of a convolution; kernel 0: it is none
};

/// IEEE 754 binary16.
std::uint16_t half_bits(float value) {
  return Eigen::numext::bit_cast<Eigen::numext::uint16_t>(Eigen::half(value));
}

std::string packed(const std::vector<float>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  static_assert(std::endian::native == std::endian::little);
  return base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// torch.nn.Conv2d of `upsample` times larger images.
DrawnLayer convolution_of(const ExportedNetwork& network, std::size_t i, int upsample) {
  const std::vector<double>& sizes = network.modules[i].arguments;
  const auto in = static_cast<int>(sizes[0]), out = static_cast<int>(sizes[1]), kernel = static_cast<int>(sizes[2]);
  if (sizes[3] != 1 || 2 * sizes[4] + 1 != kernel) throw std::logic_error("explorer_page: images change their size");
  return {.inputs = in * kernel * kernel,
          .outputs = out,
          .weight = network.values(i, "weight"),
          .bias = network.values(i, "bias"),
          .activation = {},
          .kernel = kernel,
          .upsample = upsample};
}

DrawnLayer linear_of(const ExportedNetwork& network, std::size_t i) {
  const std::vector<double>& sizes = network.modules[i].arguments;
  return {.inputs = static_cast<int>(sizes[0]),
          .outputs = static_cast<int>(sizes[1]),
          .weight = network.values(i, "weight"),
          .bias = network.values(i, "bias"),
          .activation = {}};
}

/// Lets the layer also do what the batch norm after it does: y = gamma (x - mean) / sqrt(variance + eps) + beta.
void take_in_batch_norm(DrawnLayer& layer, const ExportedNetwork& network, std::size_t i) {
  const auto gamma = network.values(i, "weight"), beta = network.values(i, "bias");
  const auto mean = network.values(i, "running_mean"), variance = network.values(i, "running_var");
  const double eps = network.modules[i].arguments[1];
  const int rows_of_channel = layer.outputs / static_cast<int>(gamma.size());  // of pixels of a linear layer
  for (int row = 0; row < layer.outputs; ++row) {
    const int channel = row / rows_of_channel;
    const double factor = gamma[channel] / std::sqrt(variance[channel] + eps);
    layer.bias[row] = static_cast<float>((layer.bias[row] - mean[channel]) * factor + beta[channel]);
    for (float& value : std::span(layer.weight).subspan(std::size_t{1} * row * layer.inputs, layer.inputs)) {
      value = static_cast<float>(value * factor);
    }
  }
}

std::vector<DrawnLayer> drawn_layers(const ExportedNetwork& network) {
  std::vector<DrawnLayer> layers;
  int upsample = 1;
  for (std::size_t i = 0; i < network.modules.size(); ++i) {
    const Module& module = network.modules[i];
    if (module.kind == "Linear") {
      layers.push_back(linear_of(network, i));
    } else if (module.kind == "Upsample") {
      upsample = static_cast<int>(module.arguments[0]);
    } else if (module.kind == "Conv2d") {
      layers.push_back(convolution_of(network, i, std::exchange(upsample, 1)));
    } else if (module.kind == "BatchNorm1d" || module.kind == "BatchNorm2d") {
      take_in_batch_norm(layers.back(), network, i);
    } else if (module.kind == "LeakyReLU" || module.kind == "Tanh" || module.kind == "Sigmoid") {
      layers.back().activation = module;
    } else if (module.kind != "Unflatten" && module.kind != "Flatten") {  // which leave the values where they are
      throw std::logic_error("explorer_page: a generator with " + module.kind);
    }
  }
  return layers;
}

OrderedJson layer_json(const DrawnLayer& layer) {
  std::vector<float> scales;
  std::string halves;
  for (int row = 0; row < layer.outputs; ++row) {
    const auto values = std::span(layer.weight).subspan(std::size_t{1} * row * layer.inputs, layer.inputs);
    float largest = 0;
    for (const float value : values) largest = std::max(largest, std::abs(value));
    scales.push_back(largest);
    for (const float value : values) {
      const std::uint16_t bits = half_bits(largest > 0 ? value / largest : 0.f);
      halves += static_cast<char>(bits & 0xff);
      halves += static_cast<char>(bits >> 8);
    }
  }
  OrderedJson json = {{"inputs", layer.inputs}, {"outputs", layer.outputs}, {"activation", layer.activation.kind}};
  if (layer.kernel > 0) json.update({{"kernel", layer.kernel}, {"upsample", layer.upsample}});
  if (!layer.activation.arguments.empty()) json["slope"] = layer.activation.arguments[0];
  json["scale"] = packed(scales);
  json["bias"] = packed(layer.bias);
  json["weight"] = base64(halves);
  return json;
}

OrderedJson model_json(const ExportedNetwork& network, const NetworkConfig& networks, const Explorer& explorer) {
  OrderedJson layers = OrderedJson::array();
  for (const DrawnLayer& layer : drawn_layers(network)) layers.push_back(layer_json(layer));
  return {{"latent", {{"size", networks.latent_dim}, {"limit", latent_limit(networks)}, {"draw", kSamplingDraw}}},
          {"image",
           {{"size", networks.image_size},
            {"channels", networks.channels},
            {"low", lowest_pixel(networks.image_range())},
            {"high", 1}}},
          {"classes", explorer.classes},
          {"directions", packed(explorer.directions)},
          {"layers", layers}};
}

/// JSON within a script element: no text in it ends the element.
std::string in_script(const OrderedJson& json) {
  std::string text = json_text(json);
  for (auto at = text.find('<'); at != std::string::npos; at = text.find('<', at)) text.replace(at, 1, "\\u003c");
  return text;
}

}  // namespace

const char* const kExplorerBeginning = "<!DOCTYPE html>\n<html lang=\"en\" class=\"latent-explorer\">";

std::string explorer_page(const ExportedNetwork& generator, const NetworkConfig& networks, const Explorer& explorer) {
  const std::pair<std::string_view, std::string> words[] = {
      {"title", escape_html(explorer.title)},
      {"about", escape_html(explorer.about)},
      {"program", escape_html(explorer.program)},
      {"seed example", "7"},
      {"class example", explorer.classes.empty() ? "" : " --class " + escape_html(explorer.classes.front())},
      {"style", kStyleText},
      {"model", in_script(model_json(generator, networks, explorer))},
      {"generator script", kGeneratorText},
      {"page script", kPageText},
  };
  std::string page;
  const std::string_view form = kFormText;
  std::size_t at = 0;
  for (auto begin = form.find("{{"); begin != form.npos; begin = form.find("{{", at)) {
    const std::size_t end = form.find("}}", begin);
    const auto name = form.substr(begin + 2, end - begin - 2);
    const auto word =
        std::find_if(std::begin(words), std::end(words), [&](const auto& one) { return one.first == name; });
    page.append(form.substr(at, begin - at)).append(word->second);
    at = end + 2;
  }
  return page.append(form.substr(at));
}

}  // namespace duel::app
