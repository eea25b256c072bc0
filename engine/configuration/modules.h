// Networks as PyTorch's modules, one after another, for files that other programs read.
#pragma once

#include <string>
#include <vector>

#include "engine/configuration/config.h"

namespace duel {

/// A module of torch.nn.Sequential: torch.nn.<kind>(*arguments). Of Unflatten the arguments are those of the image that
/// a sample becomes, channels, height, width; of Upsample the factor.
struct Module {
  std::string kind;  ///< "Linear"
  std::string name;  ///< before ".weight" and so on of its tensors in the network's layout; "": it has none
  std::vector<double> arguments;  ///< of its constructor, in their order
};

/// Latents, each with its class, [batch, generator_inputs] to pixels [batch, pixels].
std::vector<Module> generator_modules(const NetworkConfig& networks);

/// Pixels, with their classes, [batch, discriminator_inputs] to judgements [batch, 1]:
/// probabilities where the loss judges by them, else scores. A unit of maxout is the largest of neighbouring values:
/// MaxPool1d.
std::vector<Module> discriminator_modules(const NetworkConfig& networks, LossKind loss);

}  // namespace duel
