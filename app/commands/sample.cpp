#include "app/commands/sample.h"

#include <fmt/core.h>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <span>

#include "app/data/dataset.h"
#include "app/drawing/checkpoint_generator.h"
#include "app/drawing/latents_file.h"
#include "app/drawing/nearest_pictures.h"
#include "app/drawing/new_pictures.h"
#include "app/drawing/pictures.h"
#include "app/settings/setting.h"
#include "engine/io/npy.h"
#include "engine/networks/latents.h"

namespace duel::app {
namespace {

/// Before anything is drawn.
void require_grids(const SampleOptions& options, const NetworkConfig& networks, int count) {
  if (options.format == ImageFormat::png) require_grid_of(count, networks, options.columns, options.scale);
  if (!options.nearest) return;
  const PairSize pair = size_of_pair(networks.image_size, networks.image_size);
  require_grid(count, networks.channels, pair.height * options.scale, pair.width * options.scale, options.columns,
               kPicturePadding * options.scale);
}

constexpr int kUsualCount = 64;

/// As many as asked for; else enough for a row of each class.
int count_of(const SampleOptions& options, const CheckpointGenerator& generator) {
  if (options.count > 0) return options.count;
  const std::size_t rows = generator.classes().size();
  return std::max(kUsualCount, static_cast<int>(std::min<std::size_t>(
                                   kMostImages, rows * static_cast<std::size_t>(options.columns))));
}

/// What to draw, without truncation; of a conditional generator a class in each row of the grid, in an array in turn.
std::vector<float> latents_of(const SampleOptions& options, const CheckpointGenerator& generator) {
  const NetworkConfig& networks = generator.networks();
  const int each = options.format == ImageFormat::npy ? 1 : options.columns;
  const auto classes = [&](int count) { return generator.classes_in_rows(count, each); };
  if (!options.latents.empty()) {
    const LatentRows rows = read_latents(options.latents, networks, kMostImages);
    if (rows.width == networks.generator_inputs()) return rows.values;
    return with_classes(rows.values, networks, classes(static_cast<int>(rows.values.size()) / rows.width));
  }
  if (options.seeds.seeds.empty()) {
    const int count = count_of(options, generator);
    return generator.draw_latents(count, classes(count));
  }
  std::vector<float> latents;
  for (const std::uint64_t seed : options.seeds.seeds) {
    const std::vector<float> one = draw_latents(1, without_classes(networks), seed);
    latents.insert(latents.end(), one.begin(), one.end());
  }
  return with_classes(latents, networks, classes(static_cast<int>(options.seeds.seeds.size())));
}

/// Of the latents alone, not of their classes.
void truncate(std::vector<float>& latents, const NetworkConfig& networks, double truncation) {
  const auto inputs = static_cast<std::size_t>(networks.generator_inputs());
  for (std::size_t i = 0; i < latents.size(); ++i) {
    if (i % inputs < static_cast<std::size_t>(networks.latent_dim))
      latents[i] = static_cast<float>(latents[i] * truncation);
  }
}

/// What the names of the files begin with.
std::string name_of_samples(const SampleOptions& options, const CheckpointGenerator& generator, int count) {
  constexpr std::size_t kMost = 60;  // characters
  std::string name = "samples_seed" + std::to_string(options.seed) + "_" + std::to_string(count);
  if (!options.latents.empty()) {
    name = "samples_latents_" + options.latents.stem().string().substr(0, kMost);
  } else if (!options.seeds.seeds.empty()) {
    name = options.seeds.text.size() <= kMost ? "samples_seeds" + options.seeds.text
                                              : "samples_" + std::to_string(options.seeds.seeds.size()) + "_seeds";
    std::replace(name.begin(), name.end(), ',', '_');
  }
  if (!options.classes.empty()) {
    name += "_class";
    for (const std::uint8_t number : generator.classes()) name += std::to_string(number) + "_";
    name.resize(std::min(name.size() - 1, 2 * kMost));
  }
  return options.truncation == 1 ? name : name + "_truncation" + format_value(options.truncation);
}

/// The last part of an image's own file's name, by its seed or its place.
std::string name_of_image(const SampleOptions& options, int index) {
  const auto& seeds = options.seeds.seeds;
  return seeds.empty() ? fmt::format("/{:06}", index)
                       : fmt::format("/seed{:04}", seeds[static_cast<std::size_t>(index)]);
}

/// The values as they are, float32 [images, channels, height, width].
std::vector<std::byte> as_npy(const FloatImages& images) {
  const auto bytes = std::as_bytes(std::span(images.values));
  return encode_npy(
      {"", DType::f32, {images.count, images.channels, images.height, images.width}, {bytes.begin(), bytes.end()}});
}

void add_images(NewPictures& pictures, const std::string& ending, const FloatImages& images,
                const SampleOptions& options, int columns) {
  if (options.format == ImageFormat::npy) return pictures.add(ending + ".npy", as_npy(images));
  pictures.add(ending + ".png", images, columns, options.range);
}

}  // namespace

ExitCode sample(const SampleOptions& options) {
  const CheckpointGenerator generator(options);
  std::vector<float> latents = latents_of(options, generator);
  const NetworkConfig& networks = generator.networks();
  truncate(latents, networks, options.truncation);
  const int count = static_cast<int>(latents.size() / static_cast<std::size_t>(networks.generator_inputs()));
  require_grids(options, networks, count);
  std::optional<Dataset> dataset;
  if (options.nearest) {
    dataset = load_dataset(*options.program, options.data, networks, "the checkpoint's networks draw");
    compare_data(*options.program, generator.file(), generator.trained_on(), dataset->images, dataset->folder,
                 options.data);
  }
  NewPictures pictures(*options.program, options.outdir, name_of_samples(options, generator, count), options.scale,
                       options.format == ImageFormat::npy ? ".npy" : ".png");
  const FloatImages images = generator.generate(latents);
  add_images(pictures, "", images, options, options.columns);
  for (int i = 0; options.individual && i < images.count; ++i) {
    add_images(pictures, name_of_image(options, i), single_image(images, i), options, 1);
  }
  std::optional<NearestPictures> nearest;
  if (dataset) {
    nearest = nearest_pictures(images, dataset->images, options, generator.kernels());
    pictures.add("_nearest.png", nearest->pairs, options.columns, options.range);
  }
  const std::vector<std::filesystem::path> files = pictures.write();
  if (nearest) {
    std::cout << nearest_report(*nearest, files).in(options.table_format);
  } else {
    for (const std::filesystem::path& file : files) std::cout << file.string() << "\n";
  }
  return ExitCode::ok;
}

}  // namespace duel::app
