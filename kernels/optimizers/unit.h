// What every optimizer is made of. An optimizer is a unit, a struct in a file of its own (adam.h is one to read first):
//
//   its settings                 the members, with their defaults
//   kName                        what a user calls it
//   kPrefix                      what its tensors in a checkpoint begin with
//   kStates                      what it keeps of each parameter from update to update: memory, checkpoints, plans
//   visit_settings(self, visit)  names, help and limits of the settings, the learning rate first
//   advance(progress, epoch)     before an iteration's updates: counts one, and computes in double what they share
//   Step<T>, step<T>(progress)   the update itself: of doubles in references, of RegisterRows in kernels
//
// What follows an update is the same for all of them: a parameter beyond its limit, where it has one, is put back to
// it. Source: the weight clipping of M. Arjovsky et al., Wasserstein generative adversarial networks (2017).
//
// kernels/optimizers/optimizers.h has the list.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "kernels/runtime/view.h"

namespace duel {

/// An optimizer's progress, on the device: a replayed graph advances by itself. Starts as {0, ...}.
struct OptimizerProgress {
  std::int64_t step;  ///< updates done
  double rates[2];    ///< of the last update, as the unit says
};

/// A value that an optimizer keeps of each parameter.
struct OptimizerState {
  const char* name;  ///< as in the state_dict of torch.optim
  bool may_be_negative = true;
};
inline constexpr int kMostOptimizerStates = 2;

/// Of a parameter's size: there is none.
inline constexpr float kNoLimit = std::numeric_limits<float>::infinity();

/// What a setting is called.
struct OptimizerSetting {
  const char* name;         ///< as flag, variable and key of files and checkpoints
  const char* placeholder;  ///< of its value in the help
  const char* help;
  const char* alias = nullptr;  ///< another name that flags, variables and files may use
};

/// Which numbers a setting may be.
enum class Domain { at_least_0, above_0, below_1, at_least_1 };

/// Not for NaN.
constexpr bool contains(Domain domain, double value) {
  switch (domain) {
    case Domain::at_least_0:
      return value >= 0;
    case Domain::above_0:
      return value > 0;
    case Domain::below_1:
      return value >= 0 && value < 1;
    case Domain::at_least_1:
      return value >= 1;
  }
  return false;
}
constexpr const char* text_of(Domain domain) {
  switch (domain) {
    case Domain::at_least_0:
      return "a number of at least 0";
    case Domain::above_0:
      return "a positive number";
    case Domain::below_1:
      return "a number from 0 to below 1";
    case Domain::at_least_1:
      return "a number of at least 1";
  }
  return "";
}

/// base^exponent of exponent >= 0, by squaring, off by about exponent * 2^-53 of it: pow() would take registers from
/// every part of a level.
DUEL_DEVICE_INLINE double integer_power(double base, std::int64_t exponent) {
  double power = 1.0;
#ifdef __CUDACC__
#pragma unroll 1
#endif
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) power *= base;
    base *= base;
  }
  return power;
}

// For references; kernels/device/vector_math.cuh has them for RegisterRows, within() update_row.cuh.
inline double multiply_add(double a, double b, double c) {
  return a * b + c;
}
inline double inverse_of_root_plus(double x, double eps) {
  return 1 / (std::sqrt(x) + eps);
}

/// The nearest number from -limit to limit; NaN stays NaN.
inline double within(double x, double limit) {
  return limit < x ? limit : -limit > x ? -limit : x;
}

}  // namespace duel
