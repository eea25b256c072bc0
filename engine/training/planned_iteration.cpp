#include "engine/training/planned_iteration.h"

#include "engine/training/training_step.h"

namespace duel {
namespace {

/// Hands out pieces as an Arena, of no memory.
class Addresses {
 public:
  template <class T>
  Vector<T> take(int count) {
    return {next<T>(plan_.take<T>(count))};
  }
  template <class T>
  Matrix<T> take(int rows, int columns) {
    return {next<T>(plan_.take<T>(rows, columns))};
  }

 private:
  // The piece that the plan just added.
  template <class T>
  auto next(auto view) {
    view.data = reinterpret_cast<T*>(next_);
    next_ = kFirst + plan_.bytes();
    return view;
  }

  static constexpr std::uintptr_t kFirst = 256;  // no piece is absent
  std::uintptr_t next_ = kFirst;
  ArenaPlan plan_;
};

}  // namespace

PlannedIteration plan_iteration(const TrainingConfig& config, const KernelSelection& kernels, std::int64_t images) {
  const Layouts layouts(config.networks);
  Addresses addresses;
  const auto memory = TrainingMemory::take(addresses, config, layouts);
  const auto dataset = addresses.take<std::uint8_t>(static_cast<int>(images), config.networks.pixels());
  const TrainingStep step({kernels, config, layouts, memory, dataset});
  const EpochPlan epoch = plan_epoch(config, images);
  PlannedIteration iteration;
  iteration.list = step.record(epoch.iterations > 1 ? epoch.full : epoch.last, Inputs::drawn);
  iteration.levels = step.schedule(iteration.list);
  return iteration;
}

}  // namespace duel
