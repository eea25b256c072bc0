#include "engine/training/training_step.h"

#include "engine/games/gan.h"
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

void upload(const Vector<std::uint8_t>& to, std::span<const std::uint8_t> from, StreamView stream) {
  check(cudaMemcpyAsync(to.data, from.data(), to.bytes(), cudaMemcpyHostToDevice, stream.get()));
  stream.synchronize();
}

}  // namespace

TaskList TrainingStep::record(const IterationShape& shape, Inputs inputs, Gradients gradients) const {
  TaskList list = record_gan(context_, shape, inputs);
  if (context_.config.step == StepKind::plain) return list;
  return merge_updates(list, gradients);
}

Levels TrainingStep::schedule(const TaskList& list) const {
  return (context_.config.step == StepKind::plain ? one_by_one : pack)(list, context_.kernels);
}

void TrainingStep::enqueue(const IterationShape& shape, Inputs inputs, StreamView stream, Gradients gradients) const {
  Levels& levels = scheduled_[{shape, inputs, gradients}];
  if (levels.empty()) levels = schedule(record(shape, inputs, gradients));
  duel::enqueue(levels, stream);
}

void TrainingStep::give(const GivenInputs& inputs, StreamView stream) const {
  const auto latent_dim = static_cast<std::size_t>(context_.config.networks.latent_dim);
  const int batch = static_cast<int>(inputs.latents.size() / latent_dim);
  const GanMemory memory = context_.memory.activations.for_batch(batch, batch);
  upload_transposed(memory.generator_input.values(), inputs.latents, stream);
  upload_transposed(memory.images, inputs.real_images, stream);
  if (!memory.real_labels) return;
  upload(memory.real_labels, inputs.real_labels, stream);
  upload(memory.generated_labels, inputs.generated_labels, stream);
}

std::vector<float> TrainingStep::generated(const IterationShape& shape, int count, StreamView stream) const {
  const LastImages last = last_images(context_.config, shape);
  const Matrix<float> images = context_.memory.activations.for_batch(last.real, last.generated).images;
  const DeviceBuffer<float> rows(static_cast<std::size_t>(count) * images.rows);
  context_.kernels.run(transpose_op(),
                       {.input = images, .first_column = last.real, .output = rows.matrix(count, images.rows)}, stream);
  return rows.download(stream);
}

}  // namespace duel
