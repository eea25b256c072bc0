#include "kernels/ops/linear_forward/forward_kernel.cuh"

namespace duel {

void linear_forward_tiles(const LinearForward<float>& a, StreamView stream) {
  launch_forward<GpuLevelShapes::Forward>(a, stream);
}
#ifndef __CUDACC__
void linear_forward_one_thread(const LinearForward<float>& a, StreamView stream) {
  if (prefers_tall_tiles(a.weight.rows, a.input.columns)) return launch_forward<CpuTallLevelShapes::Forward>(a, stream);
  launch_forward<CpuLevelShapes::Forward>(a, stream);
}
#endif

}  // namespace duel
