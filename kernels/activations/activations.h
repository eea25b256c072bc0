// The activations of linear layers, each a unit of two functions: `value` of the argument, and `gradient`: dL/dargument
// of the activation's value y and dL/dy. Kernels apply them to a RegisterRow (kernels/device/vector_math.cuh comes
// first), references to doubles.
#pragma once

#include <cmath>

#include "kernels/runtime/view.h"

namespace duel {

inline double leaky(double a, double b, double slope) {
  return a > 0 ? b : b * slope;
}
inline double tanh_of(double x) {
  return std::tanh(x);
}
inline double sigmoid_of(double x) {
  return 1 / (1 + std::exp(-x));
}
inline double one_minus(double x) {
  return 1 - x;
}

template <class T>
struct LeakyRelu {
  T slope;  ///< at least 0

  template <class Value>
  DUEL_DEVICE_INLINE Value value(const Value& a) const {
    return leaky(a, a, slope);
  }
  template <class Value>
  DUEL_DEVICE_INLINE Value gradient(const Value& y, const Value& dy) const {
    return leaky(y, dy, slope);
  }
};

struct Tanh {
  template <class Value>
  DUEL_DEVICE_INLINE Value value(const Value& a) const {
    return tanh_of(a);
  }
  template <class Value>
  DUEL_DEVICE_INLINE Value gradient(const Value& y, const Value& dy) const {
    return dy * one_minus(y * y);
  }
};

struct Sigmoid {
  template <class Value>
  DUEL_DEVICE_INLINE Value value(const Value& a) const {
    return sigmoid_of(a);
  }
  template <class Value>
  DUEL_DEVICE_INLINE Value gradient(const Value& y, const Value& dy) const {
    return dy * (y * one_minus(y));
  }
};

/// Which of them, where a kernel learns it from its arguments.
enum class Activation { leaky_relu, tanh, sigmoid };

/// f(the unit). T: of the slope, which leaky_relu alone has.
template <class T, class Function>
DUEL_DEVICE_INLINE auto with_activation(Activation activation, T slope, Function f) {
  switch (activation) {
    case Activation::tanh:
      return f(Tanh{});
    case Activation::sigmoid:
      return f(Sigmoid{});
    case Activation::leaky_relu:
      break;
  }
  return f(LeakyRelu<T>{slope});
}

}  // namespace duel
