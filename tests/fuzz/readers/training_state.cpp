// The state of a training in a checkpoint: training takes all of it and goes on, or takes nothing. Inputs are as
// with_header_line() makes them.
#include <algorithm>

#include "engine/training/trainer.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"
#include "tests/fuzz/tensor_file.h"

namespace duel::fuzz {
namespace {

ImageSet four_images() {
  ImageSet images;
  images.count = 4;
  images.height = images.width = 2;
  for (std::uint8_t pixel = 0; pixel < 16; ++pixel) images.pixels.push_back(pixel);
  return images;
}

TrainingConfig small_training() {
  TrainingConfig config;
  config.networks.latent_dim = config.networks.image_size = 2;
  config.networks.generator_widths = {2, 2};
  config.networks.discriminator_widths = {2};
  config.batch_size = 2;
  config.loss = loss_kind<CrossEntropy>();
  return config;
}

/// A training after an iteration, with its state then and an iteration later.
struct Training {
  Training() {
    trainer.run(1);
    state = trainer.state();
    trainer.run(1);
    next_state = trainer.state();
    trainer.load_state(state);
  }
  Trainer trainer{small_training(), four_images()};
  TensorFile state, next_state;
};

Training& training() {
  static Training one;
  return one;
}

bool has_same_tensors(const TensorFile& a, const TensorFile& b) {
  return std::equal(a.tensors.begin(), a.tensors.end(), b.tensors.begin(), b.tensors.end(),
                    [](const Tensor& x, const Tensor& y) { return x.name == y.name && x.bytes == y.bytes; });
}

}  // namespace

void read_training_state(Input input) {
  const MemoryFile file(from_header_line(as_text(input)));
  Training& one = training();
  try {
    one.trainer.load_state(duel::read_safetensors(file.path()));
  } catch (const DataError&) {
    if (!has_same_tensors(one.trainer.state(), one.state)) broken_promise("half a state was loaded");
    return;
  }
  one.trainer.run(1);
  one.trainer.load_state(one.state);
}

std::vector<std::string> training_state_seeds() {
  const std::string sealed = file_bytes(training().next_state);
  return {with_header_line(sealed), with_header_line(without_seal(sealed))};
}

}  // namespace duel::fuzz
