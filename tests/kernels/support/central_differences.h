// Checks gradients of a double reference against central differences of its forward pass.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <sstream>
#include <string>

#include "kernels/runtime/view.h"

namespace duel::test {

/// Compares `gradient` with (L(x + h) - L(x - h)) / 2h in up to 50 elements x of `variable`; returns the first
/// difference, or an empty text. `loss` computes L anew from the memory behind `variable`, which is left unchanged.
///
/// With h = 1e-6 the rounding of L (near 1e-16 of the terms it adds up, some 10 to 100 here) is divided by 2h, which
/// leaves about 1e-8, and the truncation h² L''' / 6 is far smaller. Hence the bound of 1e-6 absolute plus relative: a
/// wrong factor, sign or missing term is off by 1e-2 or more.
template <class V>
std::string check_gradient(const std::string& name, const V& variable, const V& gradient,
                           const std::function<double()>& loss) {
  constexpr double kStep = 1e-6, kBound = 1e-6;
  const std::size_t size = variable.size();
  const std::size_t stride = std::max<std::size_t>(1, size / 50);
  for (std::size_t i = 0; i < size; i += stride) {
    double& x = variable.data[i];
    const double before = x;
    x = before + kStep;
    const double above = loss();
    x = before - kStep;
    const double below = loss();
    x = before;
    const double expected = (above - below) / (2 * kStep), actual = gradient.data[i];
    if (std::isfinite(actual) && std::abs(actual - expected) <= kBound * (1 + std::abs(expected))) continue;
    std::ostringstream report;
    report.precision(12);
    report << "gradient of " << name << "[" << i << "] is " << actual << ", central difference " << expected;
    return report.str();
  }
  return "";
}

}  // namespace duel::test
