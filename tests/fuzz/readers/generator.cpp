// Generators to draw with: a checkpoint, or weights with PyTorch's names. Inputs are as with_header_line() makes them.
#include "engine/networks/generator.h"

#include "app/drawing/generator_file.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/configuration/config_json.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"
#include "tests/fuzz/tensor_file.h"

namespace duel::fuzz {
namespace {

Tensor ones(const std::string& name, const std::vector<std::int64_t>& shape) {
  std::size_t count = 1;
  for (const std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
  const std::vector<float> values(count, 1.f);
  const auto bytes = std::as_bytes(std::span(values));
  return {name, DType::f32, shape, {bytes.begin(), bytes.end()}};
}

/// A generator 2 -> 2 -> 3 -> 4 with batch norm in its second hidden layer.
TensorFile small_generator() {
  TensorFile file;
  for (const char* prefix : {"model.0", "model.2", "model.5"}) {
    const std::int64_t rows = prefix == std::string("model.0") ? 2 : prefix == std::string("model.2") ? 3 : 4;
    const std::int64_t columns = rows == 4 ? 3 : 2;
    file.tensors.push_back(ones(std::string(prefix) + ".weight", {rows, columns}));
    file.tensors.push_back(ones(std::string(prefix) + ".bias", {rows}));
  }
  for (const char* name : {"weight", "bias", "running_mean", "running_var"}) {
    file.tensors.push_back(ones(std::string("model.3.") + name, {3}));
  }
  file.tensors.push_back({"model.3.num_batches_tracked", DType::i64, {}, std::vector<std::byte>(8)});
  return file;
}

}  // namespace

void read_generator(Input input) {
  const MemoryFile file(from_header_line(as_text(input)));
  try {
    const app::GeneratorFile weights = app::read_generator_file(app::mnist_gan(), file.path(), "blog");
    const Generator generator(weights.networks, weights.tensors);
    const FloatImages images = generator.generate(draw_latents(2, weights.networks, 0), BatchStatistics::batch);
    if (images.count != 2) broken_promise("two latents gave " + std::to_string(images.count) + " images");
  } catch (const DataError&) {
  }
}

std::vector<std::string> generator_seeds() {
  TensorFile bare = small_generator(), checkpoint = bare;
  for (Tensor& tensor : checkpoint.tensors) tensor.name = "generator." + tensor.name;
  TrainingConfig config;
  config.networks.latent_dim = config.networks.image_size = 2;
  config.networks.generator_widths = {2, 3};
  checkpoint.metadata = {{"config", to_json(config)}};
  return {with_header_line(without_seal(file_bytes(bare))), with_header_line(without_seal(file_bytes(checkpoint)))};
}

}  // namespace duel::fuzz
