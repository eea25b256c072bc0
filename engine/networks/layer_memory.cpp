#include "engine/networks/layer_memory.h"

namespace duel {

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
