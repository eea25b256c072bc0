#include "apps/mnist_gan/sample.h"

#include <cstdio>
#include <filesystem>
#include <iostream>

#include "apps/mnist_gan/kernel_choice.h"
#include "apps/mnist_gan/pictures.h"
#include "engine/config_json.h"
#include "engine/generator.h"
#include "engine/io/safetensors.h"
#include "kernels/runtime/device.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

/// Runs `read`; what is wrong with the data then also names the file.
template <class Read>
auto in_file(const std::string& file, const Read& read) {
  try {
    return read();
  } catch (const DataError& error) {
    throw DataError(file + ": " + error.what());
  }
}

TrainingConfig config_of(const TensorFile& checkpoint, const std::string& file) {
  const auto text = checkpoint.metadata.find("config");
  if (text == checkpoint.metadata.end()) {
    throw DataError(file + ": the metadata lack the key 'config'; expected a checkpoint of mnist_gan train");
  }
  return in_file(file, [&] { return config_from_json(text->second); });
}

void warn(const std::string& warning) {
  std::cerr << "mnist_gan: warning: " << warning << "\n";
}

}  // namespace

ExitCode sample(const SampleOptions& options) {
  KernelSelection kernels;
  choose_kernels(kernels, options.kernels);
  const TensorFile checkpoint = read_safetensors(options.checkpoint);
  const NetworkConfig networks = config_of(checkpoint, options.checkpoint).networks;
  select_device(options.device, options.threads);
  for (const std::string& warning : use_tuned_kernels(kernels, options.kernels)) warn(warning);
  const Generator generator =
      in_file(options.checkpoint, [&] { return Generator(networks, checkpoint, options.weights, kernels); });
  const std::vector<float> latents = draw_latents(options.count, networks, options.seed);
  const FloatImages images =
      with_chosen_kernels(options.kernels, [&] { return generator.generate(latents, options.statistics); });
  for (const std::string& note : generator.kernels().notes()) warn(note);

  const fs::path outdir = options.outdir;
  const std::string name = "samples_seed" + std::to_string(options.seed) + "_" + std::to_string(options.count);
  fs::create_directories(outdir);
  const fs::path grid = outdir / (name + ".png");
  write_grid(grid, images, options.columns, PixelRange::fixed);
  std::cout << grid.string() << "\n";
  if (!options.individual) return ExitCode::ok;

  fs::create_directories(outdir / name);
  for (int i = 0; i < images.count; ++i) {
    char file_name[32];
    std::snprintf(file_name, sizeof(file_name), "%06d.png", i);
    const fs::path file = outdir / name / file_name;
    write_grid(file, single_image(images, i), 1, PixelRange::fixed);
    std::cout << file.string() << "\n";
  }
  return ExitCode::ok;
}

}  // namespace duel::app
