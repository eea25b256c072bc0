#include "kernels/ops/latent_uniform/cases.h"

#include <string>

namespace duel::verify {
namespace {

using Latents = LatentUniform<float>;

LatentUniform<double> make(HostTensors& host, const Latents& shapes) {
  LatentUniform<double> a{};
  a.limit = shapes.limit;
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
    a.limit = 1.75f;
    a.seed = 0x123456789abcdef0;
    a.draw = 3;
    a.output = shape<float>(rows, columns);
    a.clock = shape<const TrainingClock>(1);
    std::string name = std::to_string(rows) + " x " + std::to_string(columns);
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, a, misalignment, of_training});
  };
  add(100, 100, 0, true);
  for (const int rows : {1, 2, 33}) {
    for (const int columns : {1, 2, 3, 4, 5, 31, 32, 33, 129}) add(rows, columns, 0, false);
  }
  add(1025, 100, 0, false);
  for (const int misalignment : {1, 2, 3}) add(33, 100, misalignment, false);
  return result;
}

}  // namespace

// 2 u - 1 is exact, being a multiple of 2^-23 below 1; the product with the limit is rounded once.
Bounds latent_uniform_bounds(const LatentUniform<double>& a) {
  Bounds bounds;
  bounds.set("output", scaled_magnitude(kRounding, a.output));
  return bounds;
}

OpCases<LatentUniform<double>, LatentUniform<float>> latent_uniform_cases() {
  return {latent_uniform_op(), latent_uniform_reference, make,
          [](const auto&, const LatentUniform<double>& after) { return latent_uniform_bounds(after); }, cases};
}

}  // namespace duel::verify
