#include "app/run/initial_weights.h"

#include "app/errors/in_file.h"
#include "app/settings/setting.h"
#include "engine/games/training_memory.h"
#include "engine/networks/state_file.h"

namespace duel::app {

GeneratorFile read_initial_weights(const TrainOptions& options) {
  GeneratorFile file = read_generator_file(*options.program, options.init_from, options.preset, options.outdir);
  const Layouts layouts(options.training.networks);
  in_file(file.file, [&] {
    read_network(file.tensors, kGeneratorPrefix, layouts.generator, NetworkPart::weights);
    if (has_discriminator(file.tensors)) {
      read_network(file.tensors, kDiscriminatorPrefix, layouts.discriminator, NetworkPart::weights);
    }
  });
  return file;
}

TakenWeights take_initial_weights(const GeneratorFile& file, const TrainOptions& options, Trainer& trainer) {
  const bool has_both = in_file(file.file, [&] { return trainer.load_weights(file.tensors); });
  TakenWeights taken;
  taken.what = has_both
                   ? "weights of generator and discriminator from " + file.file
                   : "weights of the generator from " + file.file + "; the discriminator, of which it has none, is new";
  if (!file.has_config) return taken;
  TrainOptions theirs = options;
  theirs.training.networks = file.networks;
  for (const Setting<TrainOptions>& setting : TrainOptions::settings()) {
    const std::string before = setting.get(theirs), now = setting.get(options);
    if (before == now) continue;
    taken.warnings.push_back("the weights of " + file.file + " were trained with --" + setting.name + " " + before +
                             ", here it is " + now);
  }
  return taken;
}

}  // namespace duel::app
