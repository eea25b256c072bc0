#include "kernels/ops/latent_uniform/cases.h"

#include "kernels/ops/latent_uniform/latent_cases.h"

namespace duel::verify {
namespace {

LatentUniform<double> make_latent_uniform(HostTensors& host, const LatentUniform<float>& shapes) {
  return make_latents(host, shapes, LatentUniform<double>{.limit = shapes.limit});
}

std::vector<Case<LatentUniform<float>>> latent_uniform_shapes() {
  return latent_cases(LatentUniform<float>{.limit = 1.75f}, 100);
}

}  // namespace

// 2 u - 1 is exact, being a multiple of 2^-23 below 1; the product with the limit is rounded once.
Bounds latent_uniform_bounds(const LatentUniform<double>& a) {
  Bounds bounds;
  bounds.set("output", scaled_magnitude(kRounding, a.output));
  return bounds;
}

OpCases<LatentUniform<double>, LatentUniform<float>> latent_uniform_cases() {
  return {latent_uniform_op(), latent_uniform_reference, make_latent_uniform,
          [](const auto&, const LatentUniform<double>& after) { return latent_uniform_bounds(after); },
          latent_uniform_shapes};
}

}  // namespace duel::verify
