#include <array>

#include "kernels/ops/spectral_norm/launchers.h"

namespace duel {
namespace {

void require_weights(const char* op, const SpectralWeights& weights, int parameters, int vectors) {
  require(weights.count >= 1 && weights.count <= SpectralWeights::kMost, op,
          "1 to " + std::to_string(SpectralWeights::kMost) + " weights, not " + std::to_string(weights.count));
  const auto lies_within = [](int first, std::size_t size, int of) {
    return first >= 0 && static_cast<std::size_t>(first) + size <= static_cast<std::size_t>(of);
  };
  for (const SpectralWeight& weight : weights) {
    require(weight.rows > 0 && weight.columns > 0, op, "weights with rows and columns");
    require(lies_within(weight.weight, weight.size(), parameters), op,
            "weights among the " + std::to_string(parameters) + " parameters");
    require(lies_within(weight.u, static_cast<std::size_t>(weight.rows), vectors) &&
                lies_within(weight.v, static_cast<std::size_t>(weight.columns), vectors),
            op, "u and v among the " + std::to_string(vectors) + " values of vectors");
  }
}

void require_workspace(const char* op, const Vector<float>& workspace, int values) {
  require(workspace && workspace.rows >= values, op,
          "a workspace of " + std::to_string(values) + " values or more, not " + shape_text(workspace));
}

void validate_norm(const SpectralNorm<float>& a) {
  constexpr auto op = "spectral_norm";
  require_weights(op, a.weights, a.parameters.rows, a.vectors.rows);
  require_shape(op, "parameters", a.parameters, a.parameters.rows);
  require_shape(op, "vectors", a.vectors, a.vectors.rows);
  require_shape(op, "sigma", a.sigma, a.weights.count);
  require_shape(op, "normalized", a.normalized, a.parameters.rows);
  require_workspace(op, a.workspace, a.vectors.rows);
}

void validate_gradient(const SpectralNormGradient<float>& a) {
  constexpr auto op = "spectral_norm_gradient";
  require_weights(op, a.weights, a.normalized.rows, a.vectors.rows);
  require_shape(op, "normalized", a.normalized, a.normalized.rows);
  require_shape(op, "vectors", a.vectors, a.vectors.rows);
  require_shape(op, "sigma", a.sigma, a.weights.count);
  require_shape(op, "gradient", a.gradient, a.normalized.rows);
  require_workspace(op, a.workspace, a.weights.parts());
}

constexpr std::array kNormVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<SpectralNorm<float>>{"one_thread_per_rows", "one thread reads rows by vectors; wins on the CPU device",
                                 supports_cpu_device, spectral_norm_one_thread},
#endif
    Variant<SpectralNorm<float>>{"warp_per_row", "a warp per row, or 16 threads per column: reads are coalesced",
                                 supports_any_device, spectral_norm_warps},
};
constexpr std::array kGradientVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<SpectralNormGradient<float>>{"one_thread_per_rows",
                                         "one thread reads rows by vectors; wins on the CPU device",
                                         supports_cpu_device, spectral_norm_gradient_one_thread},
#endif
    Variant<SpectralNormGradient<float>>{"warp_per_row", "a warp per row: reads are coalesced", supports_any_device,
                                         spectral_norm_gradient_warps},
};

double values_of(const SpectralWeights& weights) {
  double values = 0;
  for (const SpectralWeight& weight : weights) values += static_cast<double>(weight.size());
  return values;
}

// Two products with vectors, and the division.
Flops flops_of_norm(const SpectralNorm<float>& a) {
  return {.others = (a.iterates ? 5 : 3) * values_of(a.weights)};
}
// The inner product, then three.
Flops flops_of_gradient(const SpectralNormGradient<float>& a) {
  return {.others = 5 * values_of(a.weights)};
}

// The other values of flat arrays; workspaces stay in caches.
Bytes untouched_by_norm(const SpectralNorm<float>& a) {
  const double weights = sizeof(float) * values_of(a.weights);
  const auto all = static_cast<double>(a.parameters.bytes()), workspace = static_cast<double>(a.workspace.bytes());
  return {.read = all - weights + all + workspace, .written = all - weights + workspace};
}
Bytes untouched_by_gradient(const SpectralNormGradient<float>& a) {
  const double others = static_cast<double>(a.gradient.bytes()) - sizeof(float) * values_of(a.weights);
  const auto workspace = static_cast<double>(a.workspace.bytes());
  return {.read = 2 * others + workspace, .written = others + workspace};
}

}  // namespace

const Op<SpectralNorm<float>>& spectral_norm_op() {
  static constexpr Op<SpectralNorm<float>> op{"spectral_norm", kNormVariants, flops_of_norm, validate_norm,
                                              untouched_by_norm};
  return op;
}

const Op<SpectralNormGradient<float>>& spectral_norm_gradient_op() {
  static constexpr Op<SpectralNormGradient<float>> op{"spectral_norm_gradient", kGradientVariants, flops_of_gradient,
                                                      validate_gradient, untouched_by_gradient};
  return op;
}

}  // namespace duel
