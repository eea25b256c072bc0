// Runs training iterations on given weights, latents and images and writes what they computed, for comparison with
// other implementations.
//
// Input (safetensors, F32 unless noted): the networks' tensors under PyTorch's names with "generator." or
// "discriminator." before them (those not given start as in training); "latents" [iterations, batch, latent_dim];
// "real_images" [iterations, batch, pixels] in [-1, 1]; "rows" I64 [iterations], the rows that each iteration takes.
//
// Output: "iteration_stats" [iterations, 4]: discriminator loss, generator loss, mean D(x), mean D(G(z)); for every N
// asked for "after_N.NAME", the whole state after N iterations, and "after_N.gradients.NAME", those of iteration N.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "engine/io/safetensors.h"
#include "engine/trainer.h"
#include "kernels/runtime/device.h"

namespace {

using duel::DataError;
using duel::DType;
using duel::Tensor;
using duel::TensorFile;

struct Options {
  std::string input, output;
  std::vector<std::int64_t> states_after;
  std::string device = "auto";
  int threads = 0;
};

const Tensor& find(const TensorFile& file, const std::string& name, DType type, std::size_t rank) {
  const Tensor* tensor = file.find(name);
  if (!tensor) throw DataError("tensor '" + name + "' is missing");
  if (tensor->type != type || tensor->shape.size() != rank) {
    throw DataError("tensor '" + name + "': expected " + std::to_string(rank) + " dimension(s) of " +
                    (type == DType::f32 ? "F32" : "I64") + ", found " + std::to_string(tensor->shape.size()) +
                    " dimension(s) or another type");
  }
  return *tensor;
}

template <class T>
std::vector<T> values_of(const Tensor& tensor) {
  std::vector<T> values(tensor.bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

/// Latents and images of all iterations.
struct GivenBatches {
  std::int64_t iterations = 0, batch_size = 0;
  std::vector<std::int64_t> rows;  ///< [iterations], each 1..batch_size
  std::vector<float> latents;      ///< [iterations, batch_size, latent_dim]
  std::vector<float> real_images;  ///< [iterations, batch_size, pixels]

  /// The first rows[iteration] rows of that iteration.
  std::span<const float> latents_of(std::int64_t iteration) const { return rows_of(latents, iteration); }
  std::span<const float> real_images_of(std::int64_t iteration) const { return rows_of(real_images, iteration); }

 private:
  std::span<const float> rows_of(const std::vector<float>& all, std::int64_t iteration) const {
    const std::size_t width = all.size() / static_cast<std::size_t>(iterations * batch_size);
    const auto i = static_cast<std::size_t>(iteration);
    return std::span(all).subspan(i * static_cast<std::size_t>(batch_size) * width,
                                  static_cast<std::size_t>(rows[i]) * width);
  }
};

GivenBatches batches_of(const TensorFile& file, const duel::NetworkConfig& networks) {
  const Tensor& latents = find(file, "latents", DType::f32, 3);
  const Tensor& images = find(file, "real_images", DType::f32, 3);
  const Tensor& rows = find(file, "rows", DType::i64, 1);
  GivenBatches batches{latents.shape[0], latents.shape[1], values_of<std::int64_t>(rows), values_of<float>(latents),
                       values_of<float>(images)};
  const std::int64_t n = batches.iterations, batch = batches.batch_size;
  using Shape = std::vector<std::int64_t>;
  if (n < 1 || batch < 1 || batch > 65536 || latents.shape != Shape{n, batch, networks.latent_dim} ||
      images.shape != Shape{n, batch, networks.pixels()} || rows.shape != Shape{n}) {
    throw DataError("expected latents [n, batch, " + std::to_string(networks.latent_dim) +
                    "], real_images [n, batch, " + std::to_string(networks.pixels()) + "] and rows [n]");
  }
  for (const std::int64_t count : batches.rows) {
    if (count < 1 || count > batch) {
      throw DataError("tensor 'rows' holds " + std::to_string(count) + "; expected 1 to " + std::to_string(batch));
    }
  }
  return batches;
}

duel::Trainer make_trainer(const TensorFile& input, duel::TrainingConfig config, std::int64_t batch_size) {
  config.batch_size = static_cast<int>(batch_size);
  const int size = config.networks.image_size;
  duel::ImageSet blank{config.batch_size, size, size, config.networks.channels, {}, {}};  // never used
  blank.pixels.resize(static_cast<std::size_t>(blank.count) * static_cast<std::size_t>(config.networks.pixels()));
  duel::Trainer trainer(config, blank);
  TensorFile state = trainer.state();
  for (Tensor& tensor : state.tensors) {
    if (const Tensor* given = input.find(tensor.name)) tensor = *given;
  }
  trainer.load_state(state);
  return trainer;
}

void append_all(TensorFile& output, const std::string& prefix, TensorFile tensors) {
  for (Tensor& tensor : tensors.tensors) {
    tensor.name = prefix + tensor.name;
    output.tensors.push_back(std::move(tensor));
  }
}

TensorFile run(const TensorFile& input, const Options& options) {
  const duel::TrainingConfig config;
  const GivenBatches batches = batches_of(input, config.networks);
  duel::Trainer trainer = make_trainer(input, config, batches.batch_size);
  TensorFile output;
  std::vector<float> stats;
  for (std::int64_t i = 0; i < batches.iterations; ++i) {
    const duel::IterationStats now = trainer.run_given(batches.latents_of(i), batches.real_images_of(i));
    stats.insert(stats.end(), {now.discriminator_loss, now.generator_loss, now.d_real, now.d_fake});
    if (std::ranges::find(options.states_after, i + 1) == options.states_after.end()) continue;
    const std::string prefix = "after_" + std::to_string(i + 1) + ".";
    append_all(output, prefix, trainer.state());
    append_all(output, prefix + "gradients.", trainer.gradients());
  }
  const auto bytes = std::as_bytes(std::span(stats));
  output.tensors.push_back({"iteration_stats", DType::f32, {batches.iterations, 4}, {bytes.begin(), bytes.end()}});
  return output;
}

TensorFile run_file(const Options& options) {
  const TensorFile input = duel::read_safetensors(options.input);
  try {
    return run(input, options);
  } catch (const DataError& error) {
    throw DataError(options.input + ": " + error.what());
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Example: given_steps given.safetensors computed.safetensors --states-after 1,10\n\n"
      "Runs training iterations on the weights, latents and images of a file and writes losses, gradients and states.\n"
      "The head of given_steps.cpp describes both files; parity_pytorch.py writes the one and reads the other.",
      "given_steps");
  Options options;
  app.add_option("input", options.input, "safetensors file to read")->required();
  app.add_option("output", options.output, "safetensors file to write")->required();
  app.add_option("--states-after", options.states_after, "Iterations (from 1) after which to write the state")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--threads", options.threads, "Worker threads of the CPU device, 0 = all cores")
      ->capture_default_str();
  app.add_option("--device", options.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    duel::select_device(options.device, options.threads);
    duel::write_safetensors(options.output, run_file(options));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "given_steps: %s\n", error.what());
    return 1;
  }
}
