// A layer within a pass, as tasks, one sample per column: a linear function a = W x + b of some kind and what follows
// it. Each kind of layer is a class, and nothing else knows it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/networks/layer_memory.h"
#include "engine/networks/network_state.h"
#include "engine/tasks/task_list.h"
#include "kernels/ops/dropout/mask.h"
#include "kernels/ops/input_gradient/input_gradient.h"
#include "kernels/ops/linear_forward/linear_forward.h"

namespace duel {

/// On the way down through a network: of which samples, and of which loss, the gradients are.
struct Descent {
  int first_column = 0;             ///< of the samples that take part, in what the layers left of them
  int below_column = 0;             ///< the same in the gradients of the layer below
  Vector<const float> factor = {};  ///< of each of these samples; absent: 1
  bool learns = true;               ///< whether parameters get their gradients
};

class Layer {
 public:
  /// `index`: in its network, from 0; for labels. The slots outlive the layer.
  Layer(std::size_t index, const LayerSlots& slots, const NetworkState& state, const LayerMemory& memory);
  virtual ~Layer() = default;

  const LayerMemory& memory() const { return memory_; }

  /// Computes memory().output from the input [in, batch]. With `head_weight` [out], the weight of a layer above that
  /// has one output, its score, also the score's gradient at a: memory().d_linear.
  virtual void forward(Matrix<const float> input, Vector<const float> head_weight, TaskList& list) const = 0;

  /// Computes memory().d_linear: has the layer above pass down its own, and says how this one's output depends on a.
  virtual void backward(const Layer& above, const Descent& descent, TaskList& list) const = 0;

  /// Passes down memory().d_linear to the layer below. `below`: that layer's part of the arguments, its activation and
  /// its batch norm, and d_below. `pass`: for the label. Batch norm by itself computes its parameters' gradients here.
  virtual void input_gradient(InputGradient<float> below, const Descent& descent, const char* pass,
                              TaskList& list) const = 0;

  /// The gradients of weight and bias, from dL/da, in the network's memory for them. `network`: for the label.
  /// `without_bias`: of the last columns, which the bias does not see.
  virtual void gradients(Matrix<const float> d_linear, Matrix<const float> input, const char* network, TaskList& list,
                         int without_bias = 0) const = 0;

  /// Takes directions through the layer in the places of samples: input [in, first_column + directions] holds them in
  /// the columns from first_column on, and memory().output gets f'(a) W input in the place of these samples' outputs.
  /// Layers with batch norm cannot: std::logic_error.
  virtual void tangent(Matrix<const float> input, int first_column, TaskList& list) const;

  /// "forward layer 2 (op 256 -> 512)".
  std::string label(const char* pass, const char* op) const;

 protected:
  LinearViews linear() const { return linear_views(state_, slots_); }
  BatchNormViews batch_norm() const { return batch_norm_views(state_, slots_); }
  /// Dropout of the layer's outputs or of their gradients, in place, of samples from first_column on.
  void drop(const DropoutMask<float>& mask, Matrix<float> values, TaskList& list, int first_column = 0) const;
  const LayerSlots& slots() const { return slots_; }
  std::size_t index() const { return index_; }

 private:
  std::size_t index_;
  const LayerSlots& slots_;
  NetworkState state_;
  LayerMemory memory_;
};

/// What is read of the output of the layer below to take a gradient through its activation: nothing of the identity.
Matrix<const float> output_read(const InputGradient<float>& below);

/// One whose linear function is a matrix: torch.nn.Linear.
class LinearLayer : public Layer {
 public:
  using Layer::Layer;

  void input_gradient(InputGradient<float> below, const Descent& descent, const char* pass,
                      TaskList& list) const override;
  void gradients(Matrix<const float> d_linear, Matrix<const float> input, const char* network, TaskList& list,
                 int without_bias = 0) const override;

 protected:
  /// The product; the kind adds what follows it.
  LinearForward<float> product(Matrix<const float> input, Matrix<float> output) const;
};

/// The layers of a network, or the first of them, in order.
using Layers = std::vector<std::unique_ptr<const Layer>>;

/// What layer i reads where the network reads `input`.
Matrix<const float> input_of(const Layers& layers, std::size_t i, Matrix<const float> input);

/// How d_linear of the layers from the last but one down depends on that of the last, with `descent`.
void record_descent(const Layers& layers, const Descent& descent, TaskList& list);

/// All outputs. `head_weight`: of a layer of one output above the last one, where its gradient is wanted.
void record_forward(const Layers& layers, Matrix<const float> input, Vector<const float> head_weight, TaskList& list);

/// From memory().d_linear of the last layer down: that of all layers, and the gradients of their parameters. A layer's
/// own come after the gradient of its input, which uses its weight. `network`: names sections and labels.
void record_backward(const Layers& layers, Matrix<const float> input, const char* network, TaskList& list);

/// The weights that the layers of a network read, of its parameters, where they are not the same: by spectral
/// normalization, then by the label embedding. `iterates`: by a step of the power iteration, as a pass of training
/// takes it; else the singular vectors stay as they are.
void record_parametrization(const NetworkLayout& layout, const NetworkState& state, bool iterates, TaskList& list);

/// Of the gradients of those weights, all of which have been recorded, the gradients of the parameters, those of
/// weights in their places.
void record_parametrization_gradient(const NetworkLayout& layout, const NetworkState& state, TaskList& list);

/// The update of all parameters of a network, whose optimizer's counter has been advanced: of those that a label
/// embedding's gradient reaches by itself. `limit`: of their size.
void record_update(const NetworkLayout& layout, const NetworkState& state, const Optimizer& optimizer,
                   const std::string& label, TaskList& list, float limit = kNoLimit);

}  // namespace duel
