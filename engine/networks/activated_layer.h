// A linear layer with an activation, of batch norm if the layer has it; and dropout. In one kernel but for dropout.
#pragma once

#include "engine/networks/layer.h"
#include "kernels/activations/activations.h"
#include "kernels/ops/dropout/mask.h"

namespace duel {

class ActivatedLayer : public LinearLayer {
 public:
  struct Settings {
    Activation activation = Activation::leaky_relu;
    float slope = 1;                                      ///< of leaky_relu; 1: the identity, to the last bit
    BatchStatistics statistics = BatchStatistics::batch;  ///< of batch norm
    float momentum = 0;                                   ///< share of the batch in the running averages
    DropoutMask<float> mask = {};                         ///< of the outputs
    int first_column = 0;                                 ///< of memory().output that is this layer's
  };

  ActivatedLayer(std::size_t index, const LayerSlots& slots, const NetworkState& state, const LayerMemory& memory,
                 const Settings& settings)
      : LinearLayer(index, slots, state, memory), settings_(settings) {}

  void forward(Matrix<const float> input, Vector<const float> head_weight, TaskList& list) const override;
  void backward(const Layer& above, const Descent& descent, TaskList& list) const override;
  void tangent(Matrix<const float> input, int first_column, TaskList& list) const override;

 private:
  Settings settings_;
};

}  // namespace duel
