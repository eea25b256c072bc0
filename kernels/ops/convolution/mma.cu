// Tiles by matrix instructions.
#include "kernels/convolution/passage_kernels.cuh"
#include "kernels/ops/convolution/finish.cuh"
#include "kernels/ops/convolution/launchers.h"

namespace duel {

void convolution_tf32(const Convolution<float>& a, StreamView stream) {
  launch_passage<MmaConvolutionShapes<Tf32>::Passage>(a, stream);
}
void convolution_bf16(const Convolution<float>& a, StreamView stream) {
  launch_passage<MmaConvolutionShapes<Bf16>::Passage>(a, stream);
}
void convolution_fp16(const Convolution<float>& a, StreamView stream) {
  launch_passage<MmaConvolutionShapes<Fp16>::Passage>(a, stream);
}

}  // namespace duel
