#include "app/commands/sample.h"

#include <fmt/core.h>
#include <filesystem>
#include <iostream>

#include "app/data/dataset.h"
#include "app/drawing/checkpoint_generator.h"
#include "app/drawing/nearest_pictures.h"
#include "app/drawing/new_pictures.h"
#include "app/drawing/pictures.h"

namespace duel::app {
namespace {

/// Before anything is drawn.
void require_grids(const SampleOptions& options, const NetworkConfig& networks) {
  require_grid_of(options.count, networks, options.columns, options.scale);
  if (!options.nearest) return;
  const PairSize pair = size_of_pair(networks.image_size, networks.image_size);
  require_grid(options.count, networks.channels, pair.height * options.scale, pair.width * options.scale,
               options.columns, kPicturePadding * options.scale);
}

void add_individual(NewPictures& pictures, const FloatImages& images, PixelRange range) {
  for (int i = 0; i < images.count; ++i) {
    pictures.add(fmt::format("/{:06}.png", i), single_image(images, i), 1, range);
  }
}

}  // namespace

ExitCode sample(const SampleOptions& options) {
  const CheckpointGenerator generator(options);
  require_grids(options, generator.networks());
  std::optional<Dataset> dataset;
  if (options.nearest) {
    dataset = load_dataset(*options.program, options.data, generator.networks(), "the checkpoint's networks draw");
    compare_data(*options.program, generator.file(), generator.trained_on(), dataset->images, dataset->folder,
                 options.data);
  }
  NewPictures pictures(*options.program, options.outdir,
                       "samples_seed" + std::to_string(options.seed) + "_" + std::to_string(options.count),
                       options.scale);
  const FloatImages images = generator.generate(generator.draw_latents(options.count));
  pictures.add(".png", images, options.columns, options.range);
  if (options.individual) add_individual(pictures, images, options.range);
  std::string text;
  if (dataset) {
    const NearestPictures nearest = nearest_pictures(images, dataset->images, options, generator.kernels());
    pictures.add("_nearest.png", nearest.pairs, options.columns, options.range);
    text = nearest.text;
  }
  for (const std::filesystem::path& file : pictures.write()) std::cout << file.string() << "\n";
  std::cout << text;
  return ExitCode::ok;
}

}  // namespace duel::app
