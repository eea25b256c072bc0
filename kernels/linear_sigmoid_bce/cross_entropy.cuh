// Binary cross-entropy of one logit and its sigmoid, with its derivative.
#pragma once

#include "kernels/device/vector_math.cuh"
#include "kernels/linear_sigmoid_bce/linear_sigmoid_bce.h"

namespace duel {

// As BCELoss does; a NaN stays one, which fmaxf would turn into -100.
__device__ __forceinline__ float clamp_log(float log_value) {
  return log_value < -100.f ? -100.f : log_value;
}

__device__ __forceinline__ float cross_entropy(CrossEntropy form, float logit, float probability, float label) {
  if (form == CrossEntropy::logits) return fmaxf(logit, 0.f) - logit * label + log1pf(expf(-fabsf(logit)));
  const float log_p = clamp_log(logf(probability)), log_q = clamp_log(log1pf(-probability));
  return (label - 1.f) * log_q - label * log_p;
}

// With respect to the logit.
__device__ __forceinline__ float d_cross_entropy(CrossEntropy form, float probability, float label) {
  const float d = probability - label;
  if (form == CrossEntropy::logits) return d;
  const float d_sigmoid = probability * (1.f - probability);
  return d / fmaxf(d_sigmoid, 1e-12f) * d_sigmoid;
}

}  // namespace duel
