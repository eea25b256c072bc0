// A new training that begins with the weights of a file (--init-from) instead of random ones.
#pragma once

#include <string>
#include <vector>

#include "app/drawing/generator_file.h"
#include "app/settings/train_options.h"
#include "engine/training/trainer.h"

namespace duel::app {

/// Reads the file that `options.init_from` names: a checkpoint as find_checkpoint() takes it, or weights under the
/// names of the published script. Throws DataError.
GeneratorFile read_initial_weights(const TrainOptions& options);

/// For people.
struct TakenWeights {
  std::string what;                   ///< was taken, and from where
  std::vector<std::string> warnings;  ///< settings of the networks that differ from the file's
};

/// Gives the trainer the generator's weights, and the discriminator's where the file has them. Throws as
/// Trainer::load_weights.
TakenWeights take_initial_weights(const GeneratorFile& file, const TrainOptions& options, Trainer& trainer);

}  // namespace duel::app
