#include "kernels/ops/latent_normal/cases.h"

#include "kernels/ops/latent_uniform/latent_cases.h"

namespace duel::verify {
namespace {

LatentNormal<double> make_latent_normal(HostTensors& host, const LatentNormal<float>& shapes) {
  return make_latents(host, shapes, LatentNormal<double>{});
}

std::vector<Case<LatentNormal<float>>> latent_normal_shapes() {
  return latent_cases(LatentNormal<float>{}, 64);
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
  return {latent_normal_op(), latent_normal_reference, make_latent_normal,
          [](const auto&, const LatentNormal<double>& after) { return latent_normal_bounds(after); },
          latent_normal_shapes};
}

}  // namespace duel::verify
