#include <array>

#include "kernels/linear/contract.h"
#include "kernels/linear/library.h"
#include "kernels/linear_lrelu/launchers.h"

namespace duel {
namespace {

void validate_forward(const LinearLreluForward<float>& a) {
  require_linear_forward("linear_lrelu_forward", a);
}

void validate_backward(const LinearLreluBackward<float>& a) {
  constexpr auto op = "linear_lrelu_backward";
  require_linear_backward(op, a);
  require_positive_slope(op, a.slope);
}

constexpr Tolerance kTolerance{8.f, "a sum of `depth` products, then a bias and a factor"};

constexpr std::array kForward{
#ifdef DUEL_CPU_DEVICE
    Variant<LinearLreluForward<float>>{"one_thread_per_tile",
                                       "one thread packs and multiplies a tile: no barriers; wins on the CPU device",
                                       supports_cpu_device, linear_lrelu_forward_one_thread},
#endif
    Variant<LinearLreluForward<float>>{"shared_memory_tiles",
                                       "a block per tile of y, double-buffered in shared memory, 4 x 4 per thread",
                                       supports_any_device, linear_lrelu_forward_tiles},
#ifdef DUEL_PRODUCT_LIBRARY
    Variant<LinearLreluForward<float>>{
        DUEL_PRODUCT_LIBRARY, "the library's product, then a kernel of ours for bias and activation; to compare with",
        supports_product_library, linear_lrelu_forward_library},
#endif
};

constexpr std::array kBackward{
#ifdef DUEL_CPU_DEVICE
    Variant<LinearLreluBackward<float>>{"one_thread_per_tile",
                                        "one thread packs and multiplies a tile: no barriers; wins on the CPU device",
                                        supports_cpu_device, linear_lrelu_backward_one_thread},
#endif
    Variant<LinearLreluBackward<float>>{"shared_memory_tiles",
                                        "dA and db by columns, then a block per tile of dW and of dX",
                                        supports_any_device, linear_lrelu_backward_tiles},
#ifdef DUEL_PRODUCT_LIBRARY
    Variant<LinearLreluBackward<float>>{DUEL_PRODUCT_LIBRARY,
                                        "dA and db by our kernel, then the library's products; to compare with",
                                        supports_product_library, linear_lrelu_backward_library},
#endif
};

}  // namespace

const Op<LinearLreluForward<float>>& linear_lrelu_forward_op() {
  static constexpr Op<LinearLreluForward<float>> op{"linear_lrelu_forward", kForward, kTolerance, validate_forward};
  return op;
}
const Op<LinearLreluBackward<float>>& linear_lrelu_backward_op() {
  static constexpr Op<LinearLreluBackward<float>> op{"linear_lrelu_backward", kBackward, kTolerance, validate_backward};
  return op;
}

}  // namespace duel
