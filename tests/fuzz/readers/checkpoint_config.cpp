// The configuration in a checkpoint's metadata: what is read is written and read back.
#include "engine/configuration/config_json.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"

namespace duel::fuzz {

void read_checkpoint_config(Input input) {
  try {
    const std::string text = to_json(config_from_json(as_text(input)));
    if (to_json(config_from_json(text)) != text) broken_promise("a configuration changes when it is written and read");
  } catch (const DataError&) {
  }
}

std::vector<std::string> checkpoint_config_seeds() {
  TrainingConfig maxout;
  maxout.optimizer.kind = kind_of<SgdMomentum>;
  maxout.networks.discriminator_unit = DiscriminatorUnit::maxout;
  return {to_json(TrainingConfig{}), to_json(maxout)};
}

}  // namespace duel::fuzz
