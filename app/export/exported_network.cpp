#include "app/export/exported_network.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>

#include "app/errors/in_file.h"
#include "engine/configuration/network_layout.h"
#include "engine/io/json_text.h"
#include "engine/networks/network_state.h"
#include "engine/networks/state_file.h"

namespace duel::app {
namespace {

/// The parameters, with weights as the layers of a network read them that is not in training: spectral normalization
/// and a label embedding are in them.
std::vector<float> read_parameters(const NetworkValues& values, const NetworkLayout& layout) {
  std::vector<float> parameters = values.parameters;
  if (layout.has_spectral_norm()) {
    const HostSpectralNorm norm = spectral_norm_on_host(layout, values.parameters, values.statistics, 0);
    parameters.assign(norm.normalized.begin(), norm.normalized.end());
  }
  if (layout.has_label_embedding()) {
    std::ranges::copy(embedded_on_host(layout, parameters), parameters.begin() + layout.layers.front().weight.offset);
  }
  return parameters;
}

/// "model.0.weight".
Tensor plain_weight(const std::vector<float>& parameters, const LayerSlots& layer) {
  const auto bytes = std::as_bytes(std::span(parameters).subspan(layer.weight.offset, layer.weight.size()));
  return {layer.bias.module() + ".weight", DType::f32, layer.weight.shape, {bytes.begin(), bytes.end()}};
}

/// The tensors of `layout` that the file has under `prefix`, without it, layer by layer; weights as layers read them.
std::vector<Tensor> tensors_of(const GeneratorFile& file, const std::string& prefix, const NetworkLayout& layout) {
  const NetworkValues values =
      in_file(file.file, [&] { return read_network(file.tensors, prefix, layout, NetworkPart::weights); });
  const std::vector<float> parameters = read_parameters(values, layout);
  std::vector<Tensor> tensors;
  const auto add = [&](const std::string& name) {
    tensors.push_back(*file.tensors.find(prefix + name));
    tensors.back().name = name;
  };
  for (const LayerSlots& layer : layout.layers) {
    if (layer.has_weight()) {
      tensors.push_back(plain_weight(parameters, layer));
      add(layer.bias.name);
    }
    if (!layer.batch_norm) continue;
    for (const TensorSlot* slot : {&layer.gamma, &layer.beta, &layer.running_mean, &layer.running_variance}) {
      add(slot->name);
    }
    add(layer.batches_tracked);
  }
  return tensors;
}

using OrderedJson = nlohmann::ordered_json;

/// torch.nn.Linear and others take whole numbers only.
OrderedJson numbers_json(const std::vector<double>& numbers) {
  OrderedJson json = OrderedJson::array();
  for (const double number : numbers) {
    if (number == std::floor(number)) {
      json.push_back(static_cast<std::int64_t>(number));
    } else {
      json.push_back(number);
    }
  }
  return json;
}

}  // namespace

const Tensor& ExportedNetwork::tensor(std::size_t module, const std::string& part) const {
  const std::string wanted = modules.at(module).name + "." + part;
  for (const Tensor& one : tensors) {
    if (one.name == wanted) return one;
  }
  throw std::logic_error("ExportedNetwork: no tensor " + wanted);
}

std::vector<float> ExportedNetwork::values(std::size_t module, const std::string& part) const {
  return values_of<float>(tensor(module, part));
}

ExportedNetwork exported_generator(const GeneratorFile& file, GeneratorWeights weights) {
  const bool is_average = weights == GeneratorWeights::average && file.has_average;
  return {"generator",
          generator_modules(file.networks),
          tensors_of(file, is_average ? kAveragePrefix : kGeneratorPrefix, generator_layout(file.networks)),
          file.networks.channels,
          file.networks.image_size,
          file.networks.classes};
}

ExportedNetwork exported_discriminator(const GeneratorFile& file) {
  if (!file.loss || !has_discriminator(file.tensors)) {
    throw DataError(file.file + ": expected a discriminator with the configuration that trained it, found " +
                    (has_discriminator(file.tensors) ? "one without a configuration" : "none") +
                    ". Name a checkpoint that train wrote, or export the generator: --network generator.");
  }
  return {"discriminator",
          discriminator_modules(file.networks, *file.loss),
          tensors_of(file, kDiscriminatorPrefix, discriminator_layout(file.networks)),
          file.networks.channels,
          file.networks.image_size,
          file.networks.classes,
          file.networks.pixels_of_class()};
}

std::string modules_json(const ExportedNetwork& network) {
  OrderedJson json = OrderedJson::array();
  for (const Module& module : network.modules) {
    OrderedJson& row = json.emplace_back(OrderedJson::array({module.kind}));
    const OrderedJson arguments = numbers_json(module.arguments);
    if (module.kind == "Unflatten") {
      row.insert(row.end(), {1, arguments});  // the dimension that becomes several
    } else if (module.kind == "Upsample") {
      row.insert(row.end(), {nullptr, arguments[0]});  // no size, but a factor
    } else {
      row.insert(row.end(), arguments.begin(), arguments.end());
    }
  }
  return json_text(json);
}

std::string module_names_json(const ExportedNetwork& network) {
  OrderedJson json = OrderedJson::array();
  for (const Module& module : network.modules) json.push_back(module.name);
  return json_text(json);
}

}  // namespace duel::app
