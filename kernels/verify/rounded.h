// A number and how far the same operations in float may be from it: what is computed with Rounded numbers has its bound
// along with its value. Errors are carried through; every operation adds its own rounding.
#pragma once

#include <algorithm>
#include <cmath>

#include "kernels/verify/bounds.h"

namespace duel::verify {

struct Rounded {
  double value = 0;
  double error = 0;

  Rounded() = default;
  /// A constant that kernels round to float.
  explicit Rounded(double constant) : value(constant), error(kRounding * std::abs(constant)) {}
  Rounded(double value_, double error_) : value(value_), error(error_) {}

  static Rounded exact(double value) { return {value, 0}; }
};

namespace detail {

/// The result of one operation on operands that are off: rounded, and lost where it is denormal.
inline Rounded rounded(double value, double error) {
  return {value, error + kRounding * (std::abs(value) + error) + 0x1p-126};
}

}  // namespace detail

inline Rounded operator+(const Rounded& a, const Rounded& b) {
  return detail::rounded(a.value + b.value, a.error + b.error);
}
inline Rounded operator-(const Rounded& a, const Rounded& b) {
  return detail::rounded(a.value - b.value, a.error + b.error);
}
inline Rounded operator*(const Rounded& a, const Rounded& b) {
  return detail::rounded(a.value * b.value,
                         std::abs(a.value) * b.error + std::abs(b.value) * a.error + a.error * b.error);
}

inline Rounded multiply_add(const Rounded& a, const Rounded& b, const Rounded& c) {
  return a * b + c;
}
/// As kernels/device/vector_math.cuh promises it: to 4 units in the last place.
inline Rounded inverse_of_root_plus(const Rounded& x, const Rounded& eps) {
  constexpr double kUnitsInTheLastPlace = 4 * 2 * kRounding;
  const auto inverse = [](double square, double added) { return 1 / (std::sqrt(std::max(square, 0.0)) + added); };
  const double value = inverse(x.value, eps.value);
  const double most = inverse(x.value - x.error, eps.value - eps.error);
  const double least = inverse(x.value + x.error, eps.value + eps.error);
  return {value, std::max(most - value, value - least) + kUnitsInTheLastPlace * most};
}

/// Off by as much as its ends would be.
inline Rounded within(const Rounded& x, float limit) {
  const double value = duel::within(x.value, limit), most = duel::within(x.value + x.error, limit),
               least = duel::within(x.value - x.error, limit);
  return {value, std::max(most - value, value - least)};
}

}  // namespace duel::verify
