// Tiles by matrix instructions.
#include "kernels/ops/convolution_weight_gradient/partial_products.cuh"

namespace duel {

void convolution_weight_gradient_tf32(const ConvolutionWeightGradient<float>& a, StreamView stream) {
  weight_gradient_by_tiles<MmaConvolutionShapes<Tf32>::Weight>(a, stream);
}
void convolution_weight_gradient_bf16(const ConvolutionWeightGradient<float>& a, StreamView stream) {
  weight_gradient_by_tiles<MmaConvolutionShapes<Bf16>::Weight>(a, stream);
}
void convolution_weight_gradient_fp16(const ConvolutionWeightGradient<float>& a, StreamView stream) {
  weight_gradient_by_tiles<MmaConvolutionShapes<Fp16>::Weight>(a, stream);
}

}  // namespace duel
