// Weights for PyTorch, and back.
#pragma once

#include <vector>

#include "app/export/exported_network.h"
#include "engine/io/safetensors.h"

namespace duel::app {

/// The tensors of the networks as "generator.model.0.weight" and so on. The metadata have each network's modules under
/// its name (modules_json()), so that PyTorch can build it, and the checkpoint's configuration and images, so that our
/// commands read the file without more words; where weights have spectral normalization and label embeddings in them,
/// the configuration is that of networks without.
TensorFile plain_weights(const std::vector<ExportedNetwork>& networks, const GeneratorFile& file);

}  // namespace duel::app
