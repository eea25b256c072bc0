// What the layers of a network leave on a batch's way through it, one sample per column.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/configuration/network_layout.h"
#include "kernels/batch_statistics.h"
#include "kernels/runtime/view.h"

namespace duel {

/// Of one layer: a = W x + b [rows, batch], and what follows it. Of batch norm by itself a is gamma x^ + beta.
struct LayerMemory {
  Matrix<float> output;             ///< y, or what dropout leaves of it [out, batch]
  Matrix<float> d_linear;           ///< dL/da [rows, batch]; absent where nothing is trained
  Matrix<float> normalized;         ///< [out, batch], with batch norm of the batch's statistics only
  Vector<float> inverse_deviation;  ///< the same [out], of batch norm by itself [2 batches, channels]
  Matrix<float> linear;             ///< a, with maxout only
  Matrix<float> d_output;           ///< dL/d output [out, batch], with maxout only
  Matrix<std::uint8_t> winner;      ///< [out, batch], with maxout only
  Vector<float> workspace;          ///< of a convolution, and of batch norm by itself

  /// The same memory for a batch of at most as many samples as it was taken for.
  LayerMemory for_batch(int batch) const;
};

/// What a pass leaves in memory beside the outputs.
enum class Leaves { nothing, gradients };

/// Values that the ops of a layer of images need to work with, one after another; 0: none.
int workspace_values(const LayerSlots& layer, int batch, Leaves leaves);

/// From an Arena or an ArenaPlan; absent where the layer needs none.
template <class Source>
Vector<float> take_workspace(Source& source, const LayerSlots& layer, int batch, Leaves leaves) {
  const int values = workspace_values(layer, batch, leaves);
  return values > 0 ? source.template take<float>(values) : Vector<float>{};
}

/// From an Arena or an ArenaPlan.
template <class Source>
LayerMemory take_layer(Source& source, const LayerSlots& layer, int batch, Leaves leaves,
                       BatchStatistics statistics = BatchStatistics::batch) {
  const auto matrix = [&](int rows) { return source.template take<float>(rows, batch); };
  LayerMemory memory{.output = matrix(layer.out)};
  if (layer.batch_norm && statistics == BatchStatistics::batch) {
    memory.normalized = matrix(layer.out);
    const bool is_by_itself = layer.kind == LayerKind::batch_norm;
    memory.inverse_deviation = source.template take<float>(is_by_itself ? 2 * layer.channels() : layer.out);
  }
  if (layer.pieces > 0) {
    memory.linear = matrix(layer.rows());
    memory.winner = source.template take<std::uint8_t>(layer.out, batch);
  }
  memory.workspace = take_workspace(source, layer, batch, leaves);
  if (leaves == Leaves::nothing) return memory;
  memory.d_linear = matrix(layer.rows());
  if (layer.pieces > 0) memory.d_output = matrix(layer.out);
  return memory;
}

/// Of the first `count` layers of a network.
template <class Source>
std::vector<LayerMemory> take_layers(Source& source, const NetworkLayout& layout, std::size_t count, int batch,
                                     Leaves leaves, BatchStatistics statistics = BatchStatistics::batch) {
  std::vector<LayerMemory> layers;
  for (std::size_t i = 0; i < count; ++i) {
    layers.push_back(take_layer(source, layout.layers[i], batch, leaves, statistics));
  }
  return layers;
}

/// All of them for a smaller batch.
std::vector<LayerMemory> for_batch(std::vector<LayerMemory> layers, int batch);

/// A smaller batch lies at the beginning of the same memory. Absent matrices stay absent.
template <class T>
Matrix<T> with_columns(Matrix<T> matrix, int columns) {
  if (matrix) matrix.columns = columns;
  return matrix;
}

}  // namespace duel
