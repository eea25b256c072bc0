// How far float results of the fused ops may be from the double reference.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "kernels/fused/reference.h"
#include "kernels/verify/bounds.h"
#include "kernels/verify/host_tensors.h"

namespace duel::verify {

/// A gradient and how far a float kernel's may be from it, element by element.
struct GradientError {
  std::vector<double> gradient, error;
};

/// Bounds of a parameter that Adam updated, under its names. As adam_bounds(), and the error of the gradient is carried
/// through m, v and the root of v. `before` and `after` of the update.
template <int kRank>
void set_parameter_bounds(Bounds& bounds, const FusedParameterNames& names, const FusedParameter<double, kRank>& before,
                          const FusedParameter<double, kRank>& after, const FusedAdam& adam,
                          const GradientError& gradient) {
  constexpr double kSmallestNormal = 0x1p-126;
  const AdamProgress& progress = adam.progress.data[0];
  const double root = progress.root_of_correction2;
  std::vector<double> value, first, second;
  for (std::size_t i = 0; i < after.value.size(); ++i) {
    const double g = gradient.gradient[i], error = gradient.error[i];
    const double m = after.first_moment.data[i], v = after.second_moment.data[i];
    const double m_terms = std::abs(adam.beta1 * before.first_moment.data[i]) + std::abs((1 - adam.beta1) * g);
    first.push_back(3 * kRounding * m_terms + (1 - adam.beta1) * error + kSmallestNormal);
    second.push_back(4 * kRounding * v + (1 - adam.beta2) * error * (2 * std::abs(g) + error) + kSmallestNormal);
    const double least_v = std::max(v - second.back(), 0.0),
                 root_error = std::sqrt(v + second.back()) - std::sqrt(least_v);
    const double denominator = std::sqrt(v) / root + adam.eps, least = std::sqrt(least_v) / root + adam.eps;
    const double update = progress.step_size * std::abs(m) / denominator;
    value.push_back(progress.step_size * first.back() / least + update * root_error / root / least +
                    10 * kRounding * update + 2 * kRounding * std::abs(after.value.data[i]));
  }
  bounds.set(names.value, std::move(value));
  bounds.set(names.first_moment, std::move(first));
  bounds.set(names.second_moment, std::move(second));
  bounds.set(names.gradient, gradient.error);
}

/// Values of a parameter in training: weights within `limit`, moments of some updates.
inline FusedParameter<double, 2> parameter_case(HostTensors& host, int rows, int columns, double limit,
                                                bool with_gradient) {
  return {host.uniform(rows, columns, -limit, limit), host.uniform(rows, columns, -1e-3, 1e-3),
          host.uniform(rows, columns, 1e-7, 1e-6), with_gradient ? host.matrix(rows, columns) : Matrix<double>{}};
}
inline FusedParameter<double, 1> parameter_case(HostTensors& host, int rows, double low, double high,
                                                bool with_gradient) {
  return {host.uniform(rows, low, high), host.uniform(rows, -1e-3, 1e-3), host.uniform(rows, 1e-7, 1e-6),
          with_gradient ? host.vector(rows) : Vector<double>{}};
}

/// The published script's settings after three updates.
inline FusedAdam adam_settings(HostTensors& host) {
  const AdamProgress progress{3, 2e-4 / (1 - 0.125), std::sqrt(1 - 0.999 * 0.999 * 0.999)};
  return {0.5, 0.999, 1e-8, host.vector<AdamProgress>({progress})};
}

/// A copy of a parameter that an update leaves alone.
template <int kRank>
FusedParameter<double, kRank> copy_of(const FusedParameter<double, kRank>& p,
                                      std::vector<std::vector<double>>& memory) {
  const auto copy = [&](const View<double, kRank>& view) {
    memory.emplace_back(view.data, view.data + view.size());
    return View<double, kRank>{memory.back().data(), view.rows, view.columns};
  };
  return {copy(p.value), copy(p.first_moment), copy(p.second_moment), {}};
}

/// Bounds of a sample per row as those of a sample per column.
inline std::vector<double> transposed_bounds(const Bounds& bounds, const std::string& name, int samples, int features) {
  std::vector<double> result(static_cast<std::size_t>(samples) * features);
  for (int s = 0; s < samples; ++s) {
    for (int f = 0; f < features; ++f) {
      result[static_cast<std::size_t>(f) * samples + s] = bounds.of(name, static_cast<std::size_t>(s) * features + f);
    }
  }
  return result;
}

}  // namespace duel::verify
