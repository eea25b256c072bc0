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

// Of any two batches, which have no more parts each than the two as one.
std::size_t batch_norm_values(const LayerSlots& layer, int batch) {
  const BatchNormGradient<float> whole{.d_linear = {nullptr, layer.out, batch}, .pixels = layer.pixels, .slope = 1};
  return static_cast<std::size_t>(layer.channels()) * (2 * 2 * ChannelParts(whole).parts + 1);
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
