// Batch norm of images by channel, as a layer of its own, with LeakyReLU.
#pragma once

#include "engine/networks/layer.h"

namespace duel {

class BatchNormLayer : public Layer {
 public:
  struct Settings {
    float slope = 1;  ///< of LeakyReLU; 1: the identity
    int split = 0;    ///< samples of the first of two batches, each with its own statistics; 0: there is one
    BatchStatistics statistics = BatchStatistics::batch;
    float momentum = 0;  ///< share of a batch in the running averages
  };

  BatchNormLayer(std::size_t index, const LayerSlots& slots, const NetworkState& state, const LayerMemory& memory,
                 const Settings& settings)
      : Layer(index, slots, state, memory), settings_(settings) {}

  /// Without `head_weight`, as samples influence each other: throws std::logic_error.
  void forward(Matrix<const float> input, Vector<const float> head_weight, TaskList& list) const override;
  void backward(const Layer& above, const Descent& descent, TaskList& list) const override;
  /// Without factors: throws std::logic_error. The gradients of gamma and beta, too, if the descent learns.
  void input_gradient(InputGradient<float> below, const Descent& descent, const char* pass,
                      TaskList& list) const override;
  /// Nothing is left to do.
  void gradients(Matrix<const float>, Matrix<const float>, const char*, TaskList&, int = 0) const override {}

 private:
  /// Of as many batches as there are.
  Vector<float> inverse_deviation() const;

  Settings settings_;
};

}  // namespace duel
