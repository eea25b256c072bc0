#include "app/settings/option_checks.h"

#include "app/settings/training_program.h"
#include "kernels/runtime/device_spec.h"

namespace duel::app {

void check_preset(const TrainingProgram& program, const std::string& name) {
  try {
    preset(program, name);
  } catch (const UsageError& error) {
    throw SettingError("preset", std::string(": ") + error.what());
  }
}

void check_device(const std::string& spec) {
  try {
    parse_device_spec(spec);
  } catch (const std::invalid_argument& error) {
    throw SettingError("device", std::string(": ") + error.what());
  }
}

void check_generator(const GeneratorOptions& options) {
  require(!options.checkpoint.empty(), "checkpoint", options.checkpoint,
          "the file of a checkpoint, such as runs/00000-default/checkpoints/latest.safetensors");
  check_device(options.device);
  require(!options.outdir.empty(), "outdir", options.outdir, "a folder");
}

}  // namespace duel::app
