// A linear layer with maxout of several linear functions for each output, and dropout.
#pragma once

#include "engine/networks/layer.h"
#include "kernels/ops/dropout/mask.h"

namespace duel {

class MaxoutLayer : public LinearLayer {
 public:
  /// `mask`: of the outputs.
  MaxoutLayer(std::size_t index, const LayerSlots& slots, const NetworkState& state, const LayerMemory& memory,
              const DropoutMask<float>& mask)
      : LinearLayer(index, slots, state, memory), mask_(mask) {}

  void forward(Matrix<const float> input, Vector<const float> head_weight, TaskList& list) const override;
  void backward(const Layer& above, const Descent& descent, TaskList& list) const override;
  /// Leaves W input in memory().linear.
  void tangent(Matrix<const float> input, int first_column, TaskList& list) const override;

 private:
  DropoutMask<float> mask_;
};

}  // namespace duel
