#include <array>

#include "kernels/ops/advance_optimizer/advance_optimizer.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

__global__ void __launch_bounds__(1) advance_optimizer_kernel(const __grid_constant__ AdvanceOptimizer a) {
  a.optimizer.advance(a.progress.data[0], a.clock ? a.clock.data->epoch : 0);
}

void launch_one_thread(const AdvanceOptimizer& a, StreamView stream) {
  launch(stream, {1, 1}, advance_optimizer_kernel, a);
}

void validate(const AdvanceOptimizer& a) {
  constexpr auto op = "advance_optimizer";
  require_settings(op, a.optimizer);
  require_shape_if_present(op, "clock", a.clock, 1);
  require_shape(op, "progress", a.progress, 1);
}

constexpr std::array kVariants{
    Variant<AdvanceOptimizer>{"one_thread", "one thread does it all", supports_any_device, launch_one_thread},
};

}  // namespace

const Op<AdvanceOptimizer>& advance_optimizer_op() {
  static constexpr Op<AdvanceOptimizer> op{"advance_optimizer", kVariants,
                                           [](const AdvanceOptimizer&) { return Flops{}; }, validate};
  return op;
}

}  // namespace duel
