// Public. What makes a training program of this library.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/settings/downloads.h"
#include "app/settings/train_options.h"

namespace duel::app {

/// A named starting point of a training run.
struct Preset {
  std::string name;
  std::string about;     ///< for --help: a few words; "": none
  TrainOptions options;  ///< name and program are filled in by preset()
};

/// Where images lie where nobody says so.
struct UsualData {
  std::filesystem::path of_user;  ///< below $XDG_DATA_HOME (~/.local/share): "mnist_gan/mnist"
  std::filesystem::path of_system;
  std::string package;  ///< Debian's, which puts images into `of_system`
};

struct TrainingProgram {
  std::string name;   ///< as one types it, and as its messages and files say; MNIST_GAN_EPOCHS is --epochs of mnist_gan
  std::string about;  ///< for --help: a sentence
  std::vector<Preset> presets;  ///< the first one is the default
  UsualData data;
  std::vector<Download> downloads = {};  ///< what `data fetch` knows, and recognises where it lies
};

std::vector<std::string> preset_names(const TrainingProgram& program);

/// The options of a preset; "": of the default one. Throws UsageError that suggests a name for an unknown one.
TrainOptions preset(const TrainingProgram& program, const std::string& name = "");

/// The options of a command before anybody gives any.
template <class Options>
Options defaults_of(const TrainingProgram& program) {
  Options options;
  options.program = &program;
  return options;
}
template <>
inline TrainOptions defaults_of(const TrainingProgram& program) {
  return preset(program);
}

/// The environment variable that stands for a setting: MNIST_GAN_BATCH_SIZE for "batch-size".
std::string variable_of(const TrainingProgram& program, const std::string& setting);

/// Says a warning on standard error, in the program's name.
void warn(const TrainingProgram& program, const std::string& warning);

}  // namespace duel::app
