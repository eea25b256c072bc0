#include "engine/networks/layer_memory.h"

#include <algorithm>

#include "kernels/ops/batch_norm_gradient/batch_norm_gradient.h"
#include "kernels/ops/convolution/convolution.h"
#include "kernels/ops/convolution_input_gradient/convolution_input_gradient.h"
#include "kernels/ops/convolution_weight_gradient/convolution_weight_gradient.h"

namespace duel {

namespace {

std::size_t convolution_values(const ConvolutionGeometry& geometry, int batch, Leaves leaves) {
  const std::size_t forward = convolution_workspace(geometry);
  if (leaves == Leaves::nothing) return forward;
  return std::max({forward, convolution_input_gradient_workspace(geometry),
                   convolution_weight_gradient_workspace(geometry, batch)});
}

// Of the gradient, which needs more than the forward pass; of one batch, or of two of half the size.
std::size_t batch_norm_values(const LayerSlots& layer, int batch) {
  BatchNormGradient<float> gradient{.d_linear = {nullptr, layer.out, batch}, .pixels = layer.pixels, .slope = 1};
  gradient.gamma.value.rows = layer.channels();
  const std::size_t of_one = batch_norm_gradient_workspace(gradient);
  gradient.split = batch / 2;
  return std::max(of_one, batch_norm_gradient_workspace(gradient));
}

}  // namespace

int workspace_values(const LayerSlots& layer, int batch, Leaves leaves) {
  if (layer.kind == LayerKind::linear) return 0;
  const std::size_t values = layer.kind == LayerKind::convolution ? convolution_values(layer.geometry, batch, leaves)
                                                                  : batch_norm_values(layer, batch);
  return static_cast<int>(values);
}

LayerMemory LayerMemory::for_batch(int batch) const {
  LayerMemory memory = *this;
  for (auto* matrix : {&memory.output, &memory.d_linear, &memory.normalized, &memory.linear, &memory.d_output}) {
    *matrix = with_columns(*matrix, batch);
  }
  memory.winner = with_columns(memory.winner, batch);
  return memory;
}

std::vector<LayerMemory> for_batch(std::vector<LayerMemory> layers, int batch) {
  for (LayerMemory& layer : layers) layer = layer.for_batch(batch);
  return layers;
}

}  // namespace duel
