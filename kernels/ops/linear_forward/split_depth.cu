// Tiles whose depth the warps of a block split, in FP32.
#include "kernels/ops/linear_forward/forward_kernel.cuh"

namespace duel {

void linear_forward_split_depth(const LinearForward<float>& a, StreamView stream) {
  launch_forward<SplitDepthLevelShapes::Forward>(a, stream);
}
void linear_forward_deep_split_depth(const LinearForward<float>& a, StreamView stream) {
  launch_forward<DeepSplitDepthLevelShapes::Forward>(a, stream);
}

}  // namespace duel
