#include "app/export/plain_weights.h"

#include "engine/configuration/config_json.h"
#include "engine/io/data_identity.h"

namespace duel::app {

namespace {

/// Weights have spectral normalization and label embeddings in them: the networks themselves have neither.
std::string config_of_exported(const std::string& text) {
  TrainingConfig config = config_from_json(text);
  NetworkConfig& networks = config.networks;
  networks.class_input = ClassInput::one_hot;
  if (networks.discriminator_norm == NetworkNorm::spectral) networks.discriminator_norm = NetworkNorm::none;
  return to_json(config);
}

}  // namespace

TensorFile plain_weights(const std::vector<ExportedNetwork>& networks, const GeneratorFile& file) {
  TensorFile weights;
  for (const char* key : {kConfigKey, kDatasetKey, kClassesKey}) {
    const auto entry = file.tensors.metadata.find(key);
    if (file.loss && entry != file.tensors.metadata.end()) weights.metadata.insert(*entry);
  }
  const auto config = weights.metadata.find(kConfigKey);
  if (config != weights.metadata.end()) config->second = config_of_exported(config->second);
  for (const ExportedNetwork& network : networks) {
    weights.metadata[network.name] = modules_json(network);
    weights.metadata[network.name + "_names"] = module_names_json(network);
    for (const Tensor& tensor : network.tensors) {
      weights.tensors.push_back(tensor);
      weights.tensors.back().name = network.name + "." + tensor.name;
    }
  }
  return weights;
}

}  // namespace duel::app
