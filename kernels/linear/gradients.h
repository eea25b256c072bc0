// The two products of every linear layer's backward pass. Shared by the ops whose layers have one; not an op itself.
#pragma once

#include "kernels/runtime/handles.h"
#include "kernels/runtime/view.h"

namespace duel {

/// Which tile shapes: the GPU's, or one thread per block (host builds only).
enum class Tiling { gpu, one_thread };

/// d_input [batch, in] = d_linear [batch, out] * weight [out, in].
void launch_input_gradient(Tiling tiling, Matrix<const float> d_linear, Matrix<const float> weight,
                           Matrix<float> d_input, StreamView stream);

/// d_weight [out, in] = d_linearᵀ [out, batch] * input [batch, in].
void launch_weight_gradient(Tiling tiling, Matrix<const float> d_linear, Matrix<const float> input,
                            Matrix<float> d_weight, StreamView stream);

/// Both, as far as the arguments of a layer's backward pass ask for them; their d_linear must be complete.
template <class Arguments>
void launch_linear_gradients(Tiling tiling, const Arguments& a, StreamView stream) {
  if (a.d_weight) launch_weight_gradient(tiling, a.d_linear, a.input, a.d_weight, stream);
  if (a.d_input) launch_input_gradient(tiling, a.d_linear, a.weight, a.d_input, stream);
}

}  // namespace duel
