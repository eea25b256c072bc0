#include "app/commands/animate.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <span>

#include "app/commands/interpolate.h"
#include "app/drawing/checkpoint_generator.h"
#include "app/drawing/new_pictures.h"
#include "app/drawing/pictures.h"
#include "app/report/gallery.h"
#include "engine/io/animation.h"
#include "engine/io/checkpoint_path.h"
#include "engine/io/data_error.h"
#include "files/numbered_name.h"
#include "files/optional_packages.h"
#include "files/regular_file.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

constexpr int kRunFps = 10, kWalkFps = 25;
constexpr std::int64_t kMostFrameBytes = std::int64_t{1} << 30;  // of all frames

int milliseconds_of(const AnimateOptions& options, int usual_fps) {
  return 1000 / (options.fps > 0 ? options.fps : usual_fps);
}

void require_frames_fit(std::int64_t frames, std::int64_t bytes_of_one) {
  if (bytes_of_one <= kMostFrameBytes / frames) return;
  throw UsageError(std::to_string(frames) + " frames of " + std::to_string(bytes_of_one) +
                   " bytes are more than 1 GiB: ask for fewer frames, fewer images or a smaller --scale");
}

Picture read_frame(const fs::path& file) {
  const auto bytes = read_regular_file(file);
  if (!bytes) throw DataError(file.string() + ": cannot be read");
  try {
    return decode_png({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()}, 0);
  } catch (const std::invalid_argument& error) {
    throw DataError(file.string() + ": " + error.what());
  }
}

/// The sample pictures of a run, at most so many.
Animation animation_of_run(const AnimateOptions& options, const fs::path& run) {
  const fs::path folder = run / "samples";
  std::error_code error;
  const std::vector<std::int64_t> numbers =
      fs::is_directory(folder, error) ? numbers_in(folder, ".png") : std::vector<std::int64_t>();
  if (numbers.empty()) {
    throw DataError(run.string() + ": expected a run with pictures in samples/, found none");
  }
  Animation animation;
  for (const std::size_t i : evenly_chosen(numbers.size(), static_cast<std::size_t>(options.frames))) {
    const fs::path file = folder / numbered_name(numbers[i], ".png");
    Picture frame = read_frame(file);
    require_frames_fit(std::min<std::int64_t>(options.frames, static_cast<std::int64_t>(numbers.size())),
                       static_cast<std::int64_t>(frame.pixels.size()) * options.scale * options.scale);
    animation.frames.push_back(enlarged(frame, options.scale));
    const Picture &first = animation.frames.front(), &last = animation.frames.back();
    if (last.width != first.width || last.height != first.height || last.channels != first.channels) {
      throw DataError(file.string() + ": is of another size than the pictures before it");
    }
  }
  const int milliseconds = milliseconds_of(options, kRunFps);
  animation.milliseconds.assign(animation.frames.size(), milliseconds);
  animation.milliseconds.back() = std::max(milliseconds, static_cast<int>(std::lround(1000 * options.hold)));
  return animation;
}

/// The latents of each frame, [stops * steps][count, latent_dim]: every image goes from one of its stops to the next,
/// and from the last one back to the first.
std::vector<std::vector<float>> walk_latents(const AnimateOptions& options, const CheckpointGenerator& generator) {
  const auto size = static_cast<std::size_t>(generator.networks().generator_inputs());
  const bool is_arc = generator.networks().latent_distribution == LatentDistribution::normal;
  const int all = options.count * options.stops;
  const std::vector<float> drawn = generator.draw_latents(all, generator.classes_in_rows(all, 1));
  const auto stop = [&](int image, int index) {
    const auto at = static_cast<std::size_t>(image * options.stops + index % options.stops);
    return std::span(drawn).subspan(at * size, size);
  };
  std::vector<std::vector<float>> frames(static_cast<std::size_t>(options.stops * options.steps));
  for (int image = 0; image < options.count; ++image) {
    for (int leg = 0; leg < options.stops; ++leg) {
      const std::vector<float> way = interpolate_latents(stop(image, leg), stop(image, leg + 1), options.steps + 1,
                                                         is_arc, generator.networks().classes);
      for (int step = 0; step < options.steps; ++step) {
        const auto begin = way.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(step) * size);
        auto& frame = frames[static_cast<std::size_t>(leg * options.steps + step)];
        frame.insert(frame.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
      }
    }
  }
  return frames;
}

Animation animation_of_walk(const AnimateOptions& options) {
  const CheckpointGenerator generator(options);
  const NetworkConfig& networks = generator.networks();
  require_grid_of(options.count, networks, options.columns, options.scale);
  const std::int64_t side = std::int64_t{networks.image_size + kPicturePadding} * options.scale;
  require_frames_fit(std::int64_t{options.stops} * options.steps, options.count * side * side * networks.channels);
  Animation animation;
  for (const std::vector<float>& latents : walk_latents(options, generator)) {
    animation.frames.push_back(grid_of(generator.generate(latents), options.columns, options.range, options.scale));
  }
  animation.milliseconds.assign(animation.frames.size(), milliseconds_of(options, kWalkFps));
  return animation;
}

/// Whether there is to be a GIF. Throws UsageError where it is asked for and cannot be.
bool wants_gif(const AnimateOptions& options) {
  if (options.format == AnimationFormat::png) return false;
  if (has_gif()) return true;
  const std::string missing = without_package("animate --format gif", "GIF");
  if (options.format == AnimationFormat::gif) throw UsageError(missing);
  warn(*options.program, missing);
  return false;
}

}  // namespace

ExitCode animate(const AnimateOptions& options) {
  const bool has_gif_file = wants_gif(options);
  std::string name = "walk_seed" + std::to_string(options.seed) + "_" + std::to_string(options.count);
  Animation animation;
  if (options.walk) {
    animation = animation_of_walk(options);
  } else {
    const fs::path run = find_run(options.run, options.runs);
    animation = animation_of_run(options, run);
    name = fs::weakly_canonical(run).filename().string() + "_samples";
  }
  NewPictures pictures(*options.program, options.outdir, name);
  if (has_gif_file) pictures.add(".gif", encode_gif(animation));
  if (options.format != AnimationFormat::gif) pictures.add(".png", encode_apng(animation));
  for (const fs::path& file : pictures.write()) std::cout << file.string() << "\n";
  return ExitCode::ok;
}

}  // namespace duel::app
