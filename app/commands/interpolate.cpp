#include "app/commands/interpolate.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <utility>

#include "app/drawing/checkpoint_generator.h"
#include "app/drawing/new_pictures.h"
#include "app/drawing/pictures.h"

namespace duel::app {
namespace {

constexpr double kLeastSine = 1e-6;  // of an angle that has an arc

/// The angle between two vectors, 0 where one of them has no direction.
double angle_between(std::span<const float> z0, std::span<const float> z1) {
  double product = 0, square0 = 0, square1 = 0;
  for (std::size_t i = 0; i < z0.size(); ++i) {
    product += static_cast<double>(z0[i]) * z1[i];
    square0 += static_cast<double>(z0[i]) * z0[i];
    square1 += static_cast<double>(z1[i]) * z1[i];
  }
  const double lengths = std::sqrt(square0 * square1);
  return lengths > 0 ? std::acos(std::clamp(product / lengths, -1.0, 1.0)) : 0;
}

/// The shares of z0 and z1 in the point at t.
std::pair<double, double> shares_at(double t, double angle, bool is_arc) {
  if (!is_arc) return {1 - t, t};
  return {std::sin((1 - t) * angle) / std::sin(angle), std::sin(t * angle) / std::sin(angle)};
}

}  // namespace

std::vector<float> interpolate_latents(std::span<const float> z0, std::span<const float> z1, int steps, bool spherical,
                                       int classes) {
  const std::size_t first_class = z0.size() - static_cast<std::size_t>(classes);
  const double angle = angle_between(z0.first(first_class), z1.first(first_class));
  const bool is_arc = spherical && std::sin(angle) >= kLeastSine;
  std::vector<float> latents(z0.begin(), z0.end());
  latents.reserve(steps * z0.size());
  for (int step = 1; step < steps - 1; ++step) {
    const double t = static_cast<double>(step) / (steps - 1);
    const auto on_way = shares_at(t, angle, is_arc), on_line = shares_at(t, angle, false);
    for (std::size_t i = 0; i < z0.size(); ++i) {
      const auto [share0, share1] = i < first_class ? on_way : on_line;
      latents.push_back(static_cast<float>(share0 * z0[i] + share1 * z1[i]));
    }
  }
  latents.insert(latents.end(), z1.begin(), z1.end());
  return latents;
}

ExitCode interpolate(const InterpolateOptions& options) {
  const CheckpointGenerator generator(options);
  const NetworkConfig& networks = generator.networks();
  require_grid_of(options.rows * options.count, networks, options.count, options.scale);
  NewPictures pictures(*options.program, options.outdir,
                       "interpolation_" + std::string(options.spherical ? "spherical_" : "") + "seed" +
                           std::to_string(options.seed) + "_" + std::to_string(options.rows) + "x" +
                           std::to_string(options.count),
                       options.scale);
  const int count = 2 * options.rows;
  const std::vector<float> ends = generator.draw_latents(count, generator.classes_in_rows(count, 1));
  const auto inputs = static_cast<std::size_t>(networks.generator_inputs());
  const auto end = [&](int index) { return std::span(ends).subspan(index * inputs, inputs); };
  std::vector<float> latents;
  for (int row = 0; row < options.rows; ++row) {
    const auto some =
        interpolate_latents(end(2 * row), end(2 * row + 1), options.count, options.spherical, networks.classes);
    latents.insert(latents.end(), some.begin(), some.end());
  }
  pictures.add(".png", generator.generate(latents), options.count, options.range);
  for (const std::filesystem::path& file : pictures.write()) std::cout << file.string() << "\n";
  return ExitCode::ok;
}

}  // namespace duel::app
