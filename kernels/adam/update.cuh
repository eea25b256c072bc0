// Adam's update of some neighbouring parameters in registers, for every kernel that has their gradients there.
// p -= step_size m / (sqrt(v) / root + eps) is computed as p -= (step_size root) m / (sqrt(v) + eps root), which has a
// division less.
#pragma once

#include "kernels/device/vector_math.cuh"

namespace duel {

/// Adam's constants in float; rest = 1 - beta, rounded once.
struct AdamCoefficients {
  float beta1, rest1, beta2, rest2, eps;
};

inline AdamCoefficients adam_coefficients(double beta1, double beta2, double eps) {
  return {static_cast<float>(beta1), static_cast<float>(1.0 - beta1), static_cast<float>(beta2),
          static_cast<float>(1.0 - beta2), static_cast<float>(eps)};
}

/// One update. step_size and root: those of AdamProgress.
template <int kCount>
__device__ __forceinline__ void adam_update(RegisterRow<kCount>& p, RegisterRow<kCount>& m, RegisterRow<kCount>& v,
                                            const RegisterRow<kCount>& gradient, const AdamCoefficients& k,
                                            float step_size, float root) {
  const float scale = step_size * root, eps = k.eps * root;
  m = m * k.beta1 + gradient * k.rest1;
  v = v * k.beta2 + gradient * gradient * k.rest2;
  p = p - m * inverse_of_root_plus(v, eps) * scale;
}

}  // namespace duel
