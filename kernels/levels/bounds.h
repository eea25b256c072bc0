// How far float results of ops on columns may be from the double reference.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "kernels/levels/reference.h"
#include "kernels/verify/bounds.h"
#include "kernels/verify/optimizer_cases.h"

namespace duel::verify {

/// A gradient and how far a float kernel's may be from it, element by element.
struct GradientError {
  std::vector<double> gradient, error;
};

/// Bounds of an updated parameter under its names: the error of the gradient is carried through the update.
template <int kRank>
void set_parameter_bounds(Bounds& bounds, const TrainedParameterNames& names,
                          const TrainedParameter<double, kRank>& before, const ParameterOptimizer& optimizer,
                          const GradientError& gradient) {
  bounds.set(names.gradient, gradient.error);
  if (!optimizer.progress) return;
  optimizer.settings.with([&](const auto& unit) {
    set_update_bounds(
        bounds, names.value, [&](int s) { return names.state[s]; }, before.value, before.state,
        gradient.gradient.data(), gradient.error.data(), unit, optimizer.progress.data[0], optimizer.limit);
  });
}

/// A parameter in training of the shape of what is there: values from low to high, states of some updates.
template <int kRank>
TrainedParameter<double, kRank> parameter_case(HostTensors& host, const TrainedParameter<float, kRank>& shapes,
                                               const Optimizer& optimizer, double low, double high) {
  const View<float, kRank>& shape = shapes.value ? shapes.value : shapes.gradient;
  const int rows = shape.rows, columns = shape.columns;
  const auto like = [&](const Matrix<double>& values) { return View<double, kRank>{values.data, rows, columns}; };
  TrainedParameter<double, kRank> p;
  if (shapes.value) p.value = like(host.uniform(rows, columns, low, high));
  optimizer.with([&](const auto& unit) {
    for (std::size_t s = 0; s < std::size(unit.kStates); ++s) {
      if (shapes.state[s]) p.state[s] = like(state_case(host, unit.kStates[s], rows, columns));
    }
  });
  if (shapes.gradient) p.gradient = like(host.matrix(rows, columns));
  return p;
}
/// The shape of such a parameter.
template <int kRank>
TrainedParameter<float, kRank> parameter_shape(const View<float, kRank>& value, const Optimizer& optimizer,
                                               bool with_gradient) {
  TrainedParameter<float, kRank> p;
  p.value = value;
  optimizer.with([&](const auto& unit) { std::fill_n(p.state, std::size(unit.kStates), value); });
  if (with_gradient) p.gradient = value;
  return p;
}

inline ParameterOptimizer optimizer_case(HostTensors& host, const ParameterOptimizer& shapes) {
  if (!shapes.progress) return {shapes.settings, {}};
  return {shapes.settings, progress_case(host, shapes.settings), shapes.limit};
}

/// Of a unit gradient, under a head, of a layer whose output may be off by `output_error`: it jumps where the
/// activation's argument changes sign, which rounding may decide.
template <class Arguments>
double unit_gradient_bound(const Arguments& a, int row, int c, double output_error) {
  const double w = std::abs(a.head_weight.data[row]);
  return std::abs(at(a.output, row, a.first_column + c)) <= output_error ? w : 2 * kRounding * w;
}

}  // namespace duel::verify
