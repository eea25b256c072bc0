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

// What `use` makes of the step and the shape of the iteration.
auto with_planned_step(const TrainingConfig& config, const KernelSelection& kernels, std::int64_t images,
                       const auto& use) {
  const Layouts layouts(config.networks);
  Addresses addresses;
  const auto memory = TrainingMemory::take(addresses, config, layouts);
  const auto dataset = addresses.take<std::uint8_t>(static_cast<int>(images), config.networks.pixels());
  Vector<const std::uint8_t> labels;
  if (config.networks.classes > 0) labels = addresses.take<std::uint8_t>(static_cast<int>(images));
  const EpochPlan epoch = plan_epoch(config, images);
  return use(TrainingStep({kernels, config, layouts, memory, dataset, labels}),
             epoch.iterations > 1 ? epoch.full : epoch.last);
}

}  // namespace

TaskList plan_tasks(const TrainingConfig& config, std::int64_t images) {
  return with_planned_step(config, {}, images, [](const TrainingStep& step, const IterationShape& shape) {
    return step.record(shape, Inputs::drawn);
  });
}

PlannedIteration plan_iteration(const TrainingConfig& config, const KernelSelection& kernels, std::int64_t images) {
  return with_planned_step(config, kernels, images, [](const TrainingStep& step, const IterationShape& shape) {
    TaskList list = step.record(shape, Inputs::drawn);
    Levels levels = step.schedule(list);
    return PlannedIteration{std::move(list), std::move(levels)};
  });
}

}  // namespace duel
