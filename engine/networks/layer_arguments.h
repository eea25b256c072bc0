// Arguments of the ops on columns for one layer of a network: what all passes share.
#pragma once

#include "engine/networks/network_state.h"
#include "engine/tasks/task_list.h"
#include "kernels/ops/fused_forward/fused_forward.h"
#include "kernels/ops/fused_update/fused_update.h"

namespace duel {

/// y = lrelu(W x + b) of a layer. The caller adds what else follows the product.
FusedForward<float> layer_forward(const NetworkState& state, const LayerSlots& layer, Matrix<const float> input,
                                  float slope, Matrix<float> output);

/// The gradients of a layer's weight and bias, from dL/da and the layer's input, in the network's memory for them.
FusedUpdate<float> layer_gradient(const NetworkState& state, const LayerSlots& layer, Matrix<const float> d_linear,
                                  Matrix<const float> input);

/// Records the update of all parameters of a network, whose optimizer's counter has been advanced.
void record_update(const NetworkState& state, const Optimizer& optimizer, std::string label, TaskList& list);

}  // namespace duel
