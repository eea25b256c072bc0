#include "engine/networks/convolution_layer.h"

#include <stdexcept>

#include "kernels/ops/convolution/convolution.h"
#include "kernels/ops/convolution_input_gradient/convolution_input_gradient.h"
#include "kernels/ops/convolution_weight_gradient/convolution_weight_gradient.h"

namespace duel {

Vector<float> ConvolutionLayer::workspace(std::size_t values) const {
  return values > 0 ? memory().workspace : Vector<float>{};
}

void ConvolutionLayer::forward(Matrix<const float> input, Vector<const float> head_weight, TaskList& list) const {
  list.add(convolution_op(),
           {.geometry = slots().geometry,
            .input = input,
            .weight = linear().weight,
            .bias = linear().bias,
            .activation = settings_.activation,
            .slope = settings_.slope,
            .first_column = settings_.first_column,
            .output = memory().output,
            .head_weight = head_weight,
            .unit_gradient = head_weight ? memory().d_linear : Matrix<float>{},
            .workspace = workspace(convolution_workspace(slots().geometry))},
           label("forward", "convolution"));
  drop(settings_.mask, memory().output, list);
  if (head_weight) drop(settings_.mask, memory().d_linear, list);
}

void ConvolutionLayer::backward(const Layer& above, const Descent& descent, TaskList& list) const {
  const InputGradient<float> below{
      .below = settings_.activation, .slope = settings_.slope, .output = memory().output, .d_below = memory().d_linear};
  above.input_gradient(below, descent, "backward", list);
  drop(settings_.mask, memory().d_linear, list, descent.below_column);
}

void ConvolutionLayer::input_gradient(InputGradient<float> below, const Descent& descent, const char* pass,
                                      TaskList& list) const {
  list.add(convolution_input_gradient_op(),
           {.geometry = slots().geometry,
            .weight = linear().weight,
            .first_column = descent.first_column,
            .d_linear = memory().d_linear,
            .factor = descent.factor,
            .below = below.below,
            .slope = below.slope,
            .output = output_read(below),
            .below_column = descent.below_column,
            .d_below = below.d_below,
            .workspace = workspace(convolution_input_gradient_workspace(slots().geometry))},
           label(pass, "convolution_input_gradient"));
}

void ConvolutionLayer::gradients(Matrix<const float> d_linear, Matrix<const float> input, const char* network,
                                 TaskList& list, int without_bias) const {
  ConvolutionWeightGradient<float> gradient{.geometry = slots().geometry,
                                            .d_linear = d_linear,
                                            .input = input,
                                            .without_bias = without_bias,
                                            .workspace = memory().workspace};
  gradient.weight.gradient = linear().d_weight;
  gradient.bias.gradient = linear().d_bias;
  list.add(convolution_weight_gradient_op(), gradient, label("gradient", network));
}

void ConvolutionLayer::tangent(Matrix<const float> input, int first_column, TaskList& list) const {
  ConvolutionGeometry turned = slots().geometry;
  turned.transposed = !turned.transposed;
  list.add(convolution_input_gradient_op(),
           {.geometry = turned,
            .weight = linear().weight,
            .first_column = first_column,
            .d_linear = input,
            .below = settings_.activation,
            .slope = settings_.slope,
            .output = memory().output,
            .below_column = first_column,
            .d_below = memory().output,
            .workspace = workspace(convolution_input_gradient_workspace(turned))},
           label("tangent", "convolution_input_gradient"));
  drop(settings_.mask, memory().output, list, first_column);
}

}  // namespace duel
