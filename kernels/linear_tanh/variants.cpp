#include <array>

#include "kernels/linear/contract.h"
#include "kernels/linear/library.h"
#include "kernels/linear_tanh/launchers.h"

namespace duel {
namespace {

void validate_forward(const LinearTanhForward<float>& a) {
  require_linear_forward("linear_tanh_forward", a);
}

void validate_backward(const LinearTanhBackward<float>& a) {
  require_linear_backward("linear_tanh_backward", a);
}

constexpr Tolerance kTolerance{8.f, "a sum of `depth` products, then a bias and tanh"};

constexpr std::array kForward{
#ifdef DUEL_CPU_DEVICE
    Variant<LinearTanhForward<float>>{"one_thread_per_tile",
                                      "one thread packs and multiplies a tile: no barriers; wins on the CPU device",
                                      supports_cpu_device, linear_tanh_forward_one_thread},
#endif
    Variant<LinearTanhForward<float>>{"shared_memory_tiles",
                                      "a block per tile of y, double-buffered in shared memory, 4 x 4 per thread",
                                      supports_any_device, linear_tanh_forward_tiles},
#ifdef DUEL_PRODUCT_LIBRARY
    Variant<LinearTanhForward<float>>{
        DUEL_PRODUCT_LIBRARY, "the library's product, then a kernel of ours for bias and activation; to compare with",
        supports_product_library, linear_tanh_forward_library},
#endif
#ifdef DUEL_CUDNN
    Variant<LinearTanhForward<float>>{"cudnn", "cuBLASLt's product, our bias, cuDNN's tanh; to compare with",
                                      linear_tanh_forward_cudnn_supports, linear_tanh_forward_cudnn},
#endif
};

constexpr std::array kBackward{
#ifdef DUEL_CPU_DEVICE
    Variant<LinearTanhBackward<float>>{"one_thread_per_tile",
                                       "one thread packs and multiplies a tile: no barriers; wins on the CPU device",
                                       supports_cpu_device, linear_tanh_backward_one_thread},
#endif
    Variant<LinearTanhBackward<float>>{"shared_memory_tiles",
                                       "dA and db by columns, then a block per tile of dW and of dX",
                                       supports_any_device, linear_tanh_backward_tiles},
#ifdef DUEL_PRODUCT_LIBRARY
    Variant<LinearTanhBackward<float>>{DUEL_PRODUCT_LIBRARY,
                                       "dA and db by our kernel, then the library's products; to compare with",
                                       supports_product_library, linear_tanh_backward_library},
#endif
};

}  // namespace

const Op<LinearTanhForward<float>>& linear_tanh_forward_op() {
  static constexpr Op<LinearTanhForward<float>> op{"linear_tanh_forward", kForward, kTolerance, validate_forward};
  return op;
}
const Op<LinearTanhBackward<float>>& linear_tanh_backward_op() {
  static constexpr Op<LinearTanhBackward<float>> op{"linear_tanh_backward", kBackward, kTolerance, validate_backward};
  return op;
}

}  // namespace duel
