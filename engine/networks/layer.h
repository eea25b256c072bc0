// A layer within a pass, as tasks, one sample per column: a linear function a = W x + b and what follows it. The kinds
// of layer differ in what follows: each kind is a class, and nothing else knows it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/networks/layer_memory.h"
#include "engine/networks/network_state.h"
#include "engine/tasks/task_list.h"
#include "kernels/ops/input_gradient/input_gradient.h"
#include "kernels/ops/linear_forward/linear_forward.h"

namespace duel {

class Layer {
 public:
  /// `index`: in its network, from 0; for labels. The slots outlive the layer.
  Layer(std::size_t index, const LayerSlots& slots, const NetworkState& state, const LayerMemory& memory);
  virtual ~Layer() = default;

  const LayerMemory& memory() const { return memory_; }

  /// Computes memory().output from the input [in, batch]. With `head_weight` [out], the weight of a layer above that
  /// has one output, its score, also the score's gradient at a: memory().d_linear.
  virtual void forward(Matrix<const float> input, Vector<const float> head_weight, TaskList& list) const = 0;

  /// Computes memory().d_linear. `product`: what the layer above passes down, its gradient_of_input(); this layer adds
  /// how its output depends on a. `label`: of that task.
  virtual void backward(InputGradient<float> product, std::string label, TaskList& list) const = 0;

  /// Takes directions through the layer in the places of samples: input [in, first_column + directions] holds them in
  /// the columns from first_column on, and memory().output gets f'(a) W input in the place of these samples' outputs.
  /// Only layers of LeakyReLU without batch norm and dropout can: others throw std::logic_error.
  virtual void tangent(Matrix<const float> input, int first_column, TaskList& list) const = 0;

  /// Wᵀ dL/da, for the layer below to finish.
  InputGradient<float> gradient_of_input() const;

  /// The gradients of weight and bias, from dL/da, in the network's memory for them. `network`: for the label.
  /// `without_bias`: of the last columns, which the bias does not see.
  void gradients(Matrix<const float> d_linear, Matrix<const float> input, const char* network, TaskList& list,
                 int without_bias = 0) const;

  /// "forward layer 2 (op 256 -> 512)".
  std::string label(const char* pass, const char* op) const;

 protected:
  /// The product; the kind adds what follows it.
  LinearForward<float> product(Matrix<const float> input, Matrix<float> output) const;
  BatchNormViews batch_norm() const { return batch_norm_views(state_, slots_); }
  const LayerSlots& slots() const { return slots_; }
  std::size_t index() const { return index_; }

 private:
  std::size_t index_;
  const LayerSlots& slots_;
  NetworkState state_;
  LayerMemory memory_;
};

/// The layers of a network, or the first of them, in order.
using Layers = std::vector<std::unique_ptr<const Layer>>;

/// What layer i reads where the network reads `input`.
Matrix<const float> input_of(const Layers& layers, std::size_t i, Matrix<const float> input);

/// All outputs. `head_weight`: of a layer of one output above the last one, where its gradient is wanted.
void record_forward(const Layers& layers, Matrix<const float> input, Vector<const float> head_weight, TaskList& list);

/// From memory().d_linear of the last layer down: that of all layers, and the gradients of their parameters. A layer's
/// own come after the gradient of its input, which uses its weight. `network`: names sections and labels.
void record_backward(const Layers& layers, Matrix<const float> input, const char* network, TaskList& list);

/// The update of all parameters of a network, whose optimizer's counter has been advanced. `limit`: of their size.
void record_update(const NetworkState& state, const Optimizer& optimizer, std::string label, TaskList& list,
                   float limit = kNoLimit);

}  // namespace duel
