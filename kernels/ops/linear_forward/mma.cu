// Tiles by matrix instructions.
#include "kernels/ops/linear_forward/forward_kernel.cuh"

namespace duel {

void linear_forward_tf32(const LinearForward<float>& a, StreamView stream) {
  launch_forward<DeepMmaLevelShapes<Tf32>::Forward>(a, stream);
}
void linear_forward_bf16(const LinearForward<float>& a, StreamView stream) {
  launch_forward<DeepMmaLevelShapes<Bf16>::Forward>(a, stream);
}
void linear_forward_fp16(const LinearForward<float>& a, StreamView stream) {
  launch_forward<Fp16LevelShapes::Forward>(a, stream);
}

}  // namespace duel
