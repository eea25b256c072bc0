// What tests of commands need that draw from a checkpoint.
#pragma once

#include "app/commands/sample.h"
#include "app/commands/train.h"
#include "app/settings/training_program.h"
#include "engine/io/npy.h"
#include "tests/app/workplace.h"

namespace duel::app::test {

/// A checkpoint after one iteration, with its dataset.
inline fs::path train_a_little(Workplace& place) {
  TrainOptions options = place.options();
  options.max_iterations = 1;
  options.quiet = true;
  train(options);
  place.out.str("");
  return place.path() / "runs/00000-default/checkpoints/latest.safetensors";
}

template <class Options>
Options drawing(const Workplace& place, const fs::path& checkpoint) {
  Options options = defaults_of<Options>(mnist_gan());
  options.checkpoint = checkpoint;
  options.outdir = place.path() / "drawn";
  options.threads = 1;
  return options;
}

/// What `sample` writes as an array.
inline std::vector<float> drawn(Workplace& place, SampleOptions options) {
  options.format = ImageFormat::npy;
  place.out.str("");
  REQUIRE(sample(options) == ExitCode::ok);
  std::string file = place.out.str();
  file = file.substr(0, file.find('\n'));
  CAPTURE(file);
  return values_of<float>(read_npy(file));
}

}  // namespace duel::app::test
