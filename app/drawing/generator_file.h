// Generators in files: checkpoints of Duel, and plain weights that PyTorch wrote.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/settings/training_program.h"
#include "engine/configuration/config.h"
#include "engine/io/data_identity.h"
#include "engine/io/safetensors.h"

namespace duel::app {

struct GeneratorFile {
  std::string file;
  TensorFile tensors;  ///< the generator's names begin with "generator."
  NetworkConfig networks;
  bool has_config = false;                   ///< that says `networks`; else they are guessed
  int batch_size = 64;                       ///< of its training, as far as the file tells
  bool has_average = false;                  ///< of the generator's weights
  std::vector<std::string> classes{};        ///< names of the classes that it reads, in their order
  std::optional<LossKind> loss{};            ///< of its training; nothing where the file has no configuration
  std::optional<DataIdentity> trained_on{};  ///< which images, as far as the file tells
};

/// Reads the checkpoint that `named` means (find_checkpoint() with `runs`) with its configuration; or, where the
/// metadata hold none of ours, weights under the names of the published script, "generator.model.0.weight" or
/// "model.0.weight" and so on, also with "module." or "_orig_mod." before or between: the sizes follow from the
/// tensors' shapes, and what shapes do not tell (batch norm's eps, the slope) from the preset called `preset`, which
/// must then be given. Throws DataError, also where a value is not finite; UsageError where the preset is missing or
/// unknown.
GeneratorFile read_generator_file(const TrainingProgram& program, const std::string& named, const std::string& preset,
                                  const std::filesystem::path& runs = "runs");

/// Throws DataError where images that the generator of `file` drew are not finite: its weights are, but are too large.
void require_finite(const std::string& file, std::span<const float> images);

}  // namespace duel::app
