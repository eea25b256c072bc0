#include "kernels/ops/latent_normal/cases.h"

#include <string>

namespace duel::verify {
namespace {

using Latents = LatentNormal<float>;

LatentNormal<double> make(HostTensors& host, const Latents& shapes) {
  LatentNormal<double> a{};
  a.seed = shapes.seed;
  a.draw = shapes.draw;
  a.output = host.matrix(shapes.output.rows, shapes.output.columns);
  a.clock = host.vector<TrainingClock>({{(std::uint64_t{1} << 32) + 5, 7, 8}});  // an iteration of both halves
  return a;
}

std::vector<Case<Latents>> cases() {
  std::vector<Case<Latents>> result;
  const auto add = [&](int rows, int columns, int misalignment, bool of_training) {
    Latents a{};
    a.seed = 0x123456789abcdef0;
    a.draw = 3;
    a.output = shape<float>(rows, columns);
    a.clock = shape<const TrainingClock>(1);
    std::string name = std::to_string(rows) + " x " + std::to_string(columns);
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, a, misalignment, of_training});
  };
  add(64, 100, 0, true);
  for (const int rows : {1, 2, 33}) {
    for (const int columns : {1, 2, 3, 4, 5, 31, 32, 33, 129}) add(rows, columns, 0, false);
  }
  add(1025, 100, 0, false);
  for (const int misalignment : {1, 2, 3}) add(33, 100, misalignment, false);
  return result;
}

}  // namespace

// A value is the radius, 6 at most, times a cosine or sine. Root and logarithm add some units in the last place, the
// angle, up to 2 pi, is off by its own rounding if it is computed in radians: together below 16 roundings of 6.
Bounds latent_normal_bounds(const LatentNormal<double>& a) {
  Bounds bounds;
  bounds.set("output", std::vector(a.output.size(), 16 * 6 * kRounding));
  return bounds;
}

OpCases<LatentNormal<double>, LatentNormal<float>> latent_normal_cases() {
  return {latent_normal_op(), latent_normal_reference, make,
          [](const auto&, const LatentNormal<double>& after) { return latent_normal_bounds(after); }, cases};
}

}  // namespace duel::verify
