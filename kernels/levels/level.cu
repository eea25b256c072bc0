#include "kernels/levels/level_kernel.cuh"

namespace duel {

void launch_level_tiles(const LevelParts& level, StreamView stream) {
  launch_level<GpuLevelShapes>(level, stream);
}
#ifndef __CUDACC__
void launch_level_one_thread(const LevelParts& level, StreamView stream) {
  const InputGradient<float>& gradient = level.gradient;
  if (gradient.weight && prefers_tall_tiles(gradient.in(), gradient.d_below.columns)) {
    return launch_level<CpuTallLevelShapes>(level, stream);
  }
  launch_level<CpuLevelShapes>(level, stream);
}
#endif

}  // namespace duel
