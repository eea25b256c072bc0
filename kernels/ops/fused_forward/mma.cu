// Tiles by matrix instructions.
#include "kernels/ops/fused_forward/forward_kernel.cuh"

namespace duel {

void fused_forward_tf32(const FusedForward<float>& a, StreamView stream) {
  launch_forward<DeepMmaLevelShapes<Tf32>::Forward>(a, stream);
}
void fused_forward_bf16(const FusedForward<float>& a, StreamView stream) {
  launch_forward<DeepMmaLevelShapes<Bf16>::Forward>(a, stream);
}
void fused_forward_fp16(const FusedForward<float>& a, StreamView stream) {
  launch_forward<Fp16LevelShapes::Forward>(a, stream);
}

}  // namespace duel
