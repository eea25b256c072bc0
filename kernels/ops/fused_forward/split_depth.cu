// Tiles whose depth the warps of a block split, in FP32.
#include "kernels/ops/fused_forward/forward_kernel.cuh"

namespace duel {

void fused_forward_split_depth(const FusedForward<float>& a, StreamView stream) {
  launch_forward<SplitDepthLevelShapes::Forward>(a, stream);
}
void fused_forward_deep_split_depth(const FusedForward<float>& a, StreamView stream) {
  launch_forward<DeepSplitDepthLevelShapes::Forward>(a, stream);
}

}  // namespace duel
