// convolution_weight_gradient by cuDNN, to compare with: both images' columns become images one after the other, the
// input's upsampled on the way where the convolution reads it so. cuDNN's gradient lies as the weight does: the merge
// takes it for a single part of the product forward.
#include "kernels/convolution/cudnn_sizes.h"
#include "kernels/convolution/images.cuh"
#include "kernels/ops/convolution_weight_gradient/launchers.h"

namespace duel {
namespace {

// Every geometry's workspace holds at least that: parts of a product have a value for each of the weight, or more.
WeightProduct whole_weight(const ConvolutionGeometry& g, int batch) {
  WeightProduct product(g, batch);
  product.passage = passage(g, false);
  product.rows = g.weight_rows();
  product.columns = g.weight_columns();
  product.parts = 1;
  return product;
}

}  // namespace

bool convolution_weight_gradient_cudnn_supports(const ConvolutionWeightGradient<float>& a, const Device& device) {
  return supports_cudnn_convolution(a, device, a.workspace);
}

void convolution_weight_gradient_cudnn(const ConvolutionWeightGradient<float>& a, StreamView stream) {
  const ConvolutionGeometry& g = a.geometry;
  const CudnnConvolution convolution = cudnn_convolution(g, a.batch());
  const CudnnImages images = cudnn_images(convolution, stream);
  const Samples input(g.transposed ? a.d_linear : a.input, 0, a.batch());  // the convolution's, not the layer's
  const Samples output(g.transposed ? a.input : a.d_linear, 0, a.batch());
  launch_images(input, {g.input, g.upsample}, images.input, stream);
  launch_images(output, {g.output(), 1}, images.output, stream);
  launch_cudnn_weight_gradient(convolution, images.input, images.output, a.workspace.data, stream);
  launch_merge(a, whole_weight(g, a.batch()), stream);
}

}  // namespace duel
