// The products of a linear layer as values, whoever computes them: tiles of ours or a library.
#pragma once

#include "kernels/runtime/handles.h"
#include "kernels/runtime/view.h"

namespace duel {

/// result [m, n] = op(a) op(b), all row-major and contiguous; op transposes where it says so.
struct Product {
  Matrix<const float> a, b;
  bool transpose_a, transpose_b;
  Matrix<float> result;

  int depth() const { return transpose_a ? a.rows : a.columns; }
};

/// Enqueues a product.
using LaunchProduct = void (*)(const Product&, StreamView);

/// [batch, out] = input [batch, in] * weightᵀ, of weight [out, in].
inline Product output_product(Matrix<const float> input, Matrix<const float> weight, Matrix<float> output) {
  return {input, weight, false, true, output};
}
/// d_input [batch, in] = d_linear [batch, out] * weight [out, in].
inline Product input_gradient_product(Matrix<const float> d_linear, Matrix<const float> weight, Matrix<float> d_input) {
  return {d_linear, weight, false, false, d_input};
}
/// d_weight [out, in] = d_linearᵀ * input [batch, in], of d_linear [batch, out].
inline Product weight_gradient_product(Matrix<const float> d_linear, Matrix<const float> input,
                                       Matrix<float> d_weight) {
  return {d_linear, input, true, false, d_weight};
}

}  // namespace duel
