// What the options of several commands have in common. Each command has a header of its own beside this one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/io/png.h"
#include "engine/networks/generator.h"

namespace duel::app {

struct TrainingProgram;
template <class Options>
struct Setting;

/// What the help says of a command, and messages. "{program}" and the like stand for the program's own words.
struct CommandText {
  const char* name;   ///< as one types it: "train", "data import"
  const char* about;  ///< a sentence
  const char* notes = "";
  const char* memory_advice = "";  ///< which options make it need less, as the end of a message
};

/// A command is a struct of its options, with `kCommand` and `settings()`; commands.h lists them.
struct CommandOptions {
  const TrainingProgram* program = nullptr;  ///< whose command it is; preset() and parse_command_line() set it

  bool operator==(const CommandOptions&) const = default;
};

/// Which kernels run; see kernels/kernel_selection.h.
struct KernelOptions {
  std::vector<std::filesystem::path> files;  ///< kernel files (.cu) whose variants are added
  std::vector<std::string> chosen;           ///< "op=variant"; of two for one op the last one counts
  bool ignore_tuned = false;                 ///< what kernel_lab tune found on this machine

  bool operator==(const KernelOptions&) const = default;
};

/// Of commands that compute.
struct DeviceOptions : CommandOptions {
  std::string device = "auto";
  int threads = 0;  ///< worker threads of the CPU device; 0: all cores
  KernelOptions kernels;

  bool operator==(const DeviceOptions&) const = default;
};

/// A generator from a checkpoint, and how and where it draws.
struct GeneratorOptions : DeviceOptions {
  std::filesystem::path checkpoint;     ///< as find_checkpoint() takes it
  std::filesystem::path runs = "runs";  ///< where it looks for the latest one
  std::string preset;                   ///< of weights without a configuration; "": none
  std::uint64_t seed = 0;
  std::vector<std::string> classes;  ///< names or numbers; none: all that a conditional generator reads
  std::filesystem::path outdir = ".";
  BatchStatistics statistics = BatchStatistics::running;
  GeneratorWeights weights = GeneratorWeights::average;
  PixelRange range = PixelRange::fixed;
  int scale = 1;  ///< pixels of a picture for one of an image, a side
};

}  // namespace duel::app
