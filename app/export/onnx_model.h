// Networks as ONNX models (https://onnx.ai), for the programs that run those.
#pragma once

#include <string>

#include "app/export/exported_network.h"

namespace duel::app {

/// What every such file begins with: the version of its form, and who wrote it.
extern const char* const kOnnxBeginning;

/// The bytes of a model with one network: operator set 13, a batch of any size, batch norm with its running statistics,
/// no dropout. The generator takes "latents" [batch, latent_dim] and gives "images" [batch, channels, height, width];
/// the discriminator takes "images" and gives "judgements" [batch, 1]. Where they read classes, both take "classes",
/// too, INT64 [batch]. ONNX's own checker has seen it. Throws UsageError for a network beyond the format's 2 GiB, and
/// in a build without the ONNX library.
std::string onnx_model(const ExportedNetwork& network);

}  // namespace duel::app
