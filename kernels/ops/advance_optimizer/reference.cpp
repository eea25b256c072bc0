#include "kernels/ops/advance_optimizer/advance_optimizer.h"

namespace duel {

void advance_optimizer_reference(const AdvanceOptimizer& a) {
  a.optimizer.advance(a.progress.data[0], a.clock ? a.clock.data->epoch : 0);
}

}  // namespace duel
