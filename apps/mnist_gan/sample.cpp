#include "apps/mnist_gan/sample.h"

#include <cstdio>
#include <filesystem>
#include <iostream>

#include "apps/mnist_gan/checkpoint_generator.h"
#include "apps/mnist_gan/dataset.h"
#include "apps/mnist_gan/nearest_pictures.h"
#include "apps/mnist_gan/pictures.h"
#include "files/temporary.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

void write_individual(const fs::path& folder, const FloatImages& images, PixelRange range) {
  fs::create_directories(folder);
  for (int i = 0; i < images.count; ++i) {
    char name[32];
    std::snprintf(name, sizeof(name), "%06d.png", i);
    write_grid(folder / name, single_image(images, i), 1, range);
    std::cout << (folder / name).string() << "\n";
  }
}

}  // namespace

ExitCode sample(const SampleOptions& options) {
  const CheckpointGenerator generator(options);
  std::optional<Dataset> dataset;
  if (options.nearest) {
    dataset = load_dataset(options.data, generator.networks(), "the checkpoint's networks draw");
    compare_data(generator.file(), generator.trained_on(), dataset->images, dataset->folder, options.data);
  }
  const FloatImages images = generator.generate(generator.draw_latents(options.count));

  const fs::path outdir = options.outdir;
  const std::string name = "samples_seed" + std::to_string(options.seed) + "_" + std::to_string(options.count);
  fs::create_directories(outdir);
  remove_leftovers(outdir);
  const fs::path grid = outdir / (name + ".png");
  write_grid(grid, images, options.columns, options.range);
  std::cout << grid.string() << "\n";
  if (options.individual) write_individual(outdir / name, images, options.range);
  if (dataset) write_nearest(outdir / (name + "_nearest.png"), images, dataset->images, options, generator.kernels());
  return ExitCode::ok;
}

}  // namespace duel::app
