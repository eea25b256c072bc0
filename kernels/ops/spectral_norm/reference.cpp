#include <algorithm>
#include <cmath>

#include "kernels/ops/spectral_norm/spectral_norm.h"

namespace duel {
namespace {

double length(const double* values, int count) {
  double squares = 0;
  for (int i = 0; i < count; ++i) squares += values[i] * values[i];
  return std::sqrt(squares);
}

void normalize(double* values, int count) {
  const double divisor = std::max(length(values, count), static_cast<double>(kSpectralEps));
  for (int i = 0; i < count; ++i) values[i] /= divisor;
}

}  // namespace

void spectral_norm_reference(const SpectralNorm<double>& a) {
  for (int i = 0; i < a.weights.count; ++i) {
    const SpectralWeight& weight = a.weights.list[i];
    const auto at = [&](int r, int c) { return a.parameters.data[weight.row(r) + c]; };
    double *const u = a.vectors.data + weight.u, *const v = a.vectors.data + weight.v;
    if (a.iterates) {
      for (int r = 0; r < weight.rows; ++r) {
        u[r] = 0;
        for (int c = 0; c < weight.columns; ++c) u[r] += at(r, c) * v[c];
      }
      normalize(u, weight.rows);
      for (int c = 0; c < weight.columns; ++c) {
        v[c] = 0;
        for (int r = 0; r < weight.rows; ++r) v[c] += at(r, c) * u[r];
      }
      normalize(v, weight.columns);
    }
    double& sigma = a.sigma.data[i] = 0;
    for (int r = 0; r < weight.rows; ++r) {
      for (int c = 0; c < weight.columns; ++c) sigma += u[r] * at(r, c) * v[c];
    }
    for (std::size_t k = weight.row(0); k < weight.row(weight.rows); ++k) {
      a.normalized.data[k] = a.parameters.data[k] / sigma;
    }
  }
}

void spectral_norm_gradient_reference(const SpectralNormGradient<double>& a) {
  for (int i = 0; i < a.weights.count; ++i) {
    const SpectralWeight& weight = a.weights.list[i];
    double inner = 0;
    for (std::size_t k = weight.row(0); k < weight.row(weight.rows); ++k) {
      inner += a.gradient.data[k] * a.normalized.data[k];
    }
    for (int r = 0; r < weight.rows; ++r) {
      for (int c = 0; c < weight.columns; ++c) {
        double& gradient = a.gradient.data[weight.row(r) + c];
        gradient -= inner * a.vectors.data[weight.u + r] * a.vectors.data[weight.v + c];
        gradient /= a.sigma.data[i];
      }
    }
  }
}

}  // namespace duel
