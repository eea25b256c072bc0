// A network of a checkpoint as other programs take it.
#pragma once

#include <string>
#include <vector>

#include "app/drawing/generator_file.h"
#include "engine/configuration/modules.h"
#include "engine/networks/generator.h"

namespace duel::app {

struct ExportedNetwork {
  std::string name;              ///< "generator" or "discriminator"
  std::vector<Module> modules;   ///< that torch.nn.Sequential runs one after another
  std::vector<Tensor> tensors;   ///< "model.0.weight" and so on, in the modules' order; weights with spectral
                                 ///< normalization and the label embedding in them
  int channels = 1, height = 0;  ///< of the images, which are square
  int classes = 0;               ///< the last values of its input, one-hot
  int pixels_of_class = 1;       ///< values of its input for each class, all alike

  /// "weight" of module i. Throws std::logic_error where the module has none.
  const Tensor& tensor(std::size_t module, const std::string& part) const;
  /// The same as numbers.
  std::vector<float> values(std::size_t module, const std::string& part) const;
};

/// Checked as for drawing. Throws DataError that names file and tensor.
ExportedNetwork exported_generator(const GeneratorFile& file, GeneratorWeights weights);
/// Throws DataError likewise, and where the file has no discriminator or says nothing of its layers.
ExportedNetwork exported_discriminator(const GeneratorFile& file);

/// The modules as JSON, each with the arguments of torch.nn's: [["Linear", 100, 128], ["LeakyReLU", 0.2], ...].
std::string modules_json(const ExportedNetwork& network);
/// What the tensors' names begin with, module by module, as JSON: ["model.0", "", ...]; "" where it has none.
std::string module_names_json(const ExportedNetwork& network);

}  // namespace duel::app
