// A convolution with an activation, of images; and dropout of whole channels.
#pragma once

#include "engine/networks/layer.h"
#include "kernels/activations/activations.h"
#include "kernels/ops/dropout/mask.h"

namespace duel {

class ConvolutionLayer : public Layer {
 public:
  struct Settings {
    Activation activation = Activation::leaky_relu;
    float slope = 1;               ///< of leaky_relu; 1: the identity, to the last bit
    DropoutMask<float> mask = {};  ///< of the outputs
    int first_column = 0;          ///< of memory().output that is this layer's
  };

  ConvolutionLayer(std::size_t index, const LayerSlots& slots, const NetworkState& state, const LayerMemory& memory,
                   const Settings& settings)
      : Layer(index, slots, state, memory), settings_(settings) {}

  void forward(Matrix<const float> input, Vector<const float> head_weight, TaskList& list) const override;
  void backward(const Layer& above, const Descent& descent, TaskList& list) const override;
  /// Of a layer without batch norm below.
  void input_gradient(InputGradient<float> below, const Descent& descent, const char* pass,
                      TaskList& list) const override;
  void gradients(Matrix<const float> d_linear, Matrix<const float> input, const char* network, TaskList& list,
                 int without_bias = 0) const override;
  void tangent(Matrix<const float> input, int first_column, TaskList& list) const override;

 private:
  /// Absent where an op needs no values, so that nothing waits for it.
  Vector<float> workspace(std::size_t values) const;
  Settings settings_;
};

}  // namespace duel
