// linear_bn_lrelu forward with cuBLASLt's product and cuDNN's batch norm. cuDNN normalises with scale 1 and shift 0, so
// that x̂ is there for the backward pass; our kernels add the bias before, and apply gamma, beta and LeakyReLU behind.
#include "kernels/linear/cudnn.h"

#include "kernels/linear/epilogue.cuh"
#include "kernels/linear/library.h"
#include "kernels/ops/linear_bn_lrelu/launchers.h"

namespace duel {
namespace {

struct ScaleShiftLrelu {
  const float *gamma, *beta;
  float slope;

  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> operator()(const RegisterRow<kCount>& x, int column, int valid) const {
    const auto a = x * load_row<kCount>(gamma + column, valid) + load_row<kCount>(beta + column, valid);
    return leaky(a, a, slope);
  }
};

}  // namespace

// A single row has no unbiased variance: what cuDNN makes of it is not our contract's 0.
bool linear_bn_lrelu_forward_cudnn_supports(const LinearBnLreluForward<float>& a, const Device& device) {
  return supports_cudnn(device, a.output, a.normalized, a.running_mean, a.running_variance, a.inverse_deviation) &&
         a.statistics == BatchStatistics::batch && a.input.rows >= 2 && a.weight.rows <= kCudnnLargestColumns &&
         static_cast<double>(a.eps) >= cudnn_smallest_eps();
}

void linear_bn_lrelu_forward_cudnn(const LinearBnLreluForward<float>& a, StreamView stream) {
  launch_library_product(output_product(a.input, a.weight, a.output), stream);
  launch_epilogue(a.output, a.output, AddBias{a.bias.data}, stream);
  launch_cudnn_batch_norm(
      {a.output, a.eps, a.momentum, a.running_mean, a.running_variance, a.normalized, a.inverse_deviation}, stream);
  launch_epilogue(a.normalized, a.output, ScaleShiftLrelu{a.gamma.data, a.beta.data, a.slope}, stream);
}

}  // namespace duel
