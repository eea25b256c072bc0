// Levels whose products split the depth between warps, in FP32.
#include "kernels/levels/level_kernel.cuh"

namespace duel {

void launch_level_split_depth(const LevelParts& level, StreamView stream) {
  launch_level<SplitDepthLevelShapes>(level, stream);
}
void launch_level_deep_split_depth(const LevelParts& level, StreamView stream) {
  launch_level<DeepSplitDepthLevelShapes>(level, stream);
}

}  // namespace duel
