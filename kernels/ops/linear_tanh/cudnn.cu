// linear_tanh forward with cuBLASLt's product and cuDNN's tanh; the bias by a kernel of ours between them.
#include "kernels/linear/cudnn.h"

#include "kernels/linear/epilogue.cuh"
#include "kernels/linear/library.h"
#include "kernels/ops/linear_tanh/launchers.h"

namespace duel {

bool linear_tanh_forward_cudnn_supports(const LinearTanhForward<float>& a, const Device& device) {
  return supports_cudnn(device, a.output);
}

void linear_tanh_forward_cudnn(const LinearTanhForward<float>& a, StreamView stream) {
  launch_library_product(output_product(a.input, a.weight, a.output), stream);
  launch_epilogue(a.output, a.output, AddBias{a.bias.data}, stream);
  launch_cudnn_activation(CudnnActivation::tanh, a.output, a.output, stream);
}

}  // namespace duel
