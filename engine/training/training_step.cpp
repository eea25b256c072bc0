#include "engine/training/training_step.h"

#include "engine/tasks/merge_updates.h"
#include "engine/training/fused_pass.h"
#include "kernels/ops/moving_average/moving_average.h"
#include "kernels/ops/transpose/transpose.h"
#include "kernels/runtime/buffer.h"

namespace duel {
namespace {

// Rows of `from` as the first columns of a device matrix whose other columns become 0.
void upload_transposed(const Matrix<float>& to, std::span<const float> from, StreamView stream) {
  const auto features = static_cast<std::size_t>(to.rows), columns = static_cast<std::size_t>(to.columns);
  std::vector<float> values(to.size(), 0.f);
  for (std::size_t i = 0; i < from.size(); ++i) values[i % features * columns + i / features] = from[i];
  check(cudaMemcpyAsync(to.data, values.data(), to.bytes(), cudaMemcpyHostToDevice, stream.get()));
  stream.synchronize();
}

// The end of every iteration that used `images` real images: its record, and the clock of the next one.
void record_end_iteration(const StepContext& context, int images, TaskList& list) {
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

int generated_last(const TrainingConfig& config, const IterationShape& shape) {
  return config.order == UpdateOrder::discriminator_first ? shape.front() : shape.back();
}

TaskList TrainingStep::record(const IterationShape& shape, Inputs inputs) const {
  TaskList list;
  std::uint32_t draw = 0;
  int offset = 0;
  const auto update = [&](const char* name, Players players, int batch) {
    const auto section = list.section(name);
    const bool uses_images = players != Players::generator;
    record_fused_pass(context_, {players, batch, inputs, draw++, offset}, list);
    if (uses_images) offset += batch;
  };
  // G is judged by images that D sees in a step, the first one (as in the script) or the last: one pass for both.
  const UpdateOrder order = context_.config.order;
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
  record_end_iteration(context_, offset, list);
  return list;
}

Levels TrainingStep::schedule(const TaskList& list, Inputs inputs) const {
  if (context_.config.step == StepKind::plain) return one_by_one(list, context_.kernels);
  const Gradients gradients = inputs == Inputs::given ? Gradients::kept : Gradients::used_up;
  return pack(merge_updates(list, gradients), context_.kernels);
}

void TrainingStep::enqueue(const IterationShape& shape, Inputs inputs, StreamView stream) const {
  Levels& levels = scheduled_[{shape, inputs}];
  if (levels.empty()) levels = schedule(record(shape, inputs), inputs);
  duel::enqueue(levels, stream);
}

void TrainingStep::give(std::span<const float> latents, std::span<const float> images, StreamView stream) const {
  const int batch = static_cast<int>(latents.size() / static_cast<std::size_t>(context_.config.networks.latent_dim));
  const FusedActivations memory = context_.memory.activations.for_batch(batch, batch);
  upload_transposed(memory.latents, latents, stream);
  upload_transposed(memory.images, images, stream);
}

std::vector<float> TrainingStep::generated(const IterationShape& shape, int count, StreamView stream) const {
  const bool generator_last = context_.config.order == UpdateOrder::discriminator_first;
  const int batch = generated_last(context_.config, shape), real = generator_last ? 0 : batch;
  const Matrix<float> images = context_.memory.activations.for_batch(real, batch).images;
  const DeviceBuffer<float> rows(static_cast<std::size_t>(count) * images.rows);
  context_.kernels.run(transpose_op(),
                       {.input = images, .first_column = real, .output = rows.matrix(count, images.rows)}, stream);
  return rows.download(stream);
}

}  // namespace duel
