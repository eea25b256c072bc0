#include "kernels/ops/advance_optimizer/cases.h"

#include <string>

namespace duel::verify {
namespace {

AdvanceOptimizer make(HostTensors& host, const AdvanceOptimizer& shapes) {
  AdvanceOptimizer a = shapes;
  a.clock = shapes.clock ? host.vector<TrainingClock>({{9, 5, 0}}) : Vector<TrainingClock>{};
  a.progress = host.vector<OptimizerProgress>({{3, {0, 0}}});
  return a;
}

std::vector<Case<AdvanceOptimizer>> cases() {
  std::vector<Case<AdvanceOptimizer>> result;
  for_each_unit(Optimizers(), [&](const auto& unit) {
    using Unit = std::remove_cvref_t<decltype(unit)>;
    AdvanceOptimizer a{};
    a.optimizer.kind = kind_of<Unit>;
    a.progress = shape<OptimizerProgress>(1);
    result.push_back({std::string(Unit::kName) + ", epoch 0", a, 0, false});
    a.clock = shape<const TrainingClock>(1);
    result.push_back({Unit::kName, a, 0, true});
  });
  return result;
}

}  // namespace

OpCases<AdvanceOptimizer, AdvanceOptimizer> advance_optimizer_cases() {
  return {advance_optimizer_op(), advance_optimizer_reference, make, [](const auto&, const auto&) { return Bounds(); },
          cases};
}

}  // namespace duel::verify
