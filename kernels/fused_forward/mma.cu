// Tiles by matrix instructions.
#include "kernels/fused_forward/forward_kernel.cuh"

namespace duel {

void fused_forward_tf32(const FusedForward<float>& a, StreamView stream) {
  launch_forward<MmaLevelShapes<Tf32>::Forward>(a, stream);
}
void fused_forward_bf16(const FusedForward<float>& a, StreamView stream) {
  launch_forward<MmaLevelShapes<Bf16>::Forward>(a, stream);
}
void fused_forward_fp16(const FusedForward<float>& a, StreamView stream) {
  launch_forward<MmaLevelShapes<Fp16>::Forward>(a, stream);
}

}  // namespace duel
