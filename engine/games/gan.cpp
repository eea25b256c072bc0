#include "engine/games/gan.h"

#include "engine/games/gan_pass.h"
#include "kernels/ops/end_iteration/end_iteration.h"
#include "kernels/ops/moving_average/moving_average.h"

namespace duel {
namespace {

// The end of every iteration that used `images` real images: its record, and the clock of the next one.
void record_end(const StepContext& context, int images, TaskList& list) {
  const TrainingMemory& memory = context.memory;
  if (memory.generator_average.weights) {
    list.add(moving_average_op(),
             {.value = memory.generator.weights,
              .average = memory.generator_average.weights,
              .decay = context.config.ema_decay,
              .interval = kAverageInterval,
              .clock = memory.clock},
             "moving average");
  }
  list.add(end_iteration_op(),
           {.discriminator_statistics = memory.discriminator_statistics,
            .generator_statistics = memory.generator_statistics,
            .images_used = images,
            .images_in_epoch = context.dataset ? plan_epoch(context.config, context.dataset.rows).images : images,
            .records = memory.records,
            .clock = memory.clock},
           "end iteration");
}

}  // namespace

// An update of the generator alone has no real images.
LastImages last_images(const TrainingConfig& config, const IterationShape& shape) {
  if (config.order == UpdateOrder::discriminator_first) return {0, shape.front()};
  return {shape.back(), shape.back()};
}

TaskList record_gan(const StepContext& context, const IterationShape& shape, Inputs inputs) {
  TaskList list;
  std::uint32_t draw = 0;
  int offset = 0;
  const auto update = [&](const char* name, Players players, int batch) {
    const auto section = list.section(name);
    record_pass(context, {players, batch, inputs, draw++, offset}, list);
    if (players != Players::generator) offset += batch;
  };
  // G is judged by images that D sees in a step, the first one (as in the script) or the last: one pass for both.
  const UpdateOrder order = context.config.order;
  const bool shares = order != UpdateOrder::discriminator_first;
  const std::size_t shared = order == UpdateOrder::simultaneous ? shape.size() - 1 : 0;
  for (std::size_t step = 0; step < shape.size(); ++step) {
    if (shares && step == shared) {
      update("update of both players", Players::both, shape[step]);
    } else {
      update("discriminator update", Players::discriminator, shape[step]);
    }
  }
  if (!shares) update("generator update", Players::generator, shape[0]);
  record_end(context, offset, list);
  return list;
}

}  // namespace duel
