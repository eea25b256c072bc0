#include "engine/plain_step.h"

#include "engine/latents.h"
#include "engine/tasks/levels.h"
#include "kernels/batch_gather/batch_gather.h"
#include "kernels/runtime/buffer.h"
#include "kernels/runtime/range.h"

namespace duel {

PlainStep::PlainStep(const StepContext& context)
    : context_(context),
      activations_(context.memory.plain),
      generator_{context.kernels, context.config.networks, context.layouts.generator, context.memory.generator,
                 activations_.generator},
      discriminator_{context.kernels, context.config.networks, context.layouts.discriminator,
                     context.memory.discriminator, activations_.discriminator} {}

void PlainStep::enqueue(const IterationShape& shape, Inputs inputs, StreamView stream) const {
  const UpdateOrder order = context_.config.order;
  const TrainingMemory& memory = context_.memory;
  std::uint32_t draw = 0;  // of the batch that is generated next
  int offset = 0;
  const auto enqueue_update = [&](const NetworkState& network) {
    duel::enqueue_update(context_.kernels, network, context_.config.optimizer, memory.clock, stream);
  };
  const auto update_generator = [&] {
    const Range range("generator update");
    enqueue_generate(shape[0], draw++, inputs, stream);
    enqueue_generator_gradients(shape[0], draw - 1, stream);
    enqueue_update(memory.generator);
  };
  const auto update_discriminator = [&](bool fresh_latents, int batch) {
    const Range range("discriminator update");
    if (fresh_latents) enqueue_generate(batch, draw++, inputs, stream);
    enqueue_discriminator_gradients(batch, draw - 1, offset, inputs, stream);
    enqueue_update(memory.discriminator);
  };
  const auto update_both = [&](int batch) {
    const Range range("update of both players");
    enqueue_generate(batch, draw++, inputs, stream);
    enqueue_generator_gradients(batch, draw - 1, stream);
    enqueue_discriminator_gradients(batch, draw - 1, offset, inputs, stream);
    enqueue_update(memory.generator);
    enqueue_update(memory.discriminator);
  };

  if (order == UpdateOrder::generator_first) update_generator();
  for (std::size_t step = 0; step < shape.size(); ++step) {
    if (order == UpdateOrder::simultaneous && step + 1 == shape.size()) {
      update_both(shape[step]);
    } else {
      // As in the script, the first discriminator step sees the images that the generator was just judged by.
      update_discriminator(!(order == UpdateOrder::generator_first && step == 0), shape[step]);
    }
    offset += shape[step];
  }
  if (order == UpdateOrder::discriminator_first) update_generator();

  TaskList end;
  record_end_iteration(context_, offset, end);
  duel::enqueue(one_by_one(end, context_.kernels), stream);
}

void PlainStep::give(std::span<const float> latents, std::span<const float> images, StreamView stream) const {
  const auto upload = [&](const Matrix<float>& to, std::span<const float> from) {
    check(cudaMemcpyAsync(to.data, from.data(), from.size_bytes(), cudaMemcpyHostToDevice, stream.get()));
  };
  upload(activations_.latents, latents);
  upload(activations_.images, images);
  stream.synchronize();
}

std::vector<float> PlainStep::generated(const IterationShape& shape, int count, StreamView stream) const {
  return download(generated_rows(generated_last(context_.config, shape)).row_range(0, count), stream);
}

void PlainStep::enqueue_generate(int batch, std::uint32_t draw, Inputs inputs, StreamView stream) const {
  const Matrix<float> latents = activations_.latents.row_range(0, batch);
  if (inputs == Inputs::drawn) {
    enqueue_latents(context_.kernels, context_.config.networks, latents, context_.config.seed, draw,
                    context_.memory.clock, stream);
  }
  generator_.enqueue_forward(latents, generated_rows(batch), stream);
}

DropoutMasks PlainStep::masks(std::uint32_t draw, int first_sample) const {
  return {.seed = context_.config.seed, .draw = draw, .first_sample = first_sample, .clock = context_.memory.clock};
}

void PlainStep::enqueue_generator_gradients(int batch, std::uint32_t draw, StreamView stream) const {
  const Matrix<float> images = generated_rows(batch), d_images = activations_.d_images.row_range(0, batch);
  const DiscriminatorPass pass{images, {player_losses(context_.config, batch), LossOf::generator}, masks(draw, batch)};
  discriminator_.enqueue_forward(pass, context_.memory.generator_statistics, stream);
  discriminator_.enqueue_image_gradient(pass, d_images, stream);
  generator_.enqueue_backward(activations_.latents.row_range(0, batch), images, d_images, stream);
}

void PlainStep::enqueue_discriminator_gradients(int batch, std::uint32_t draw, int offset, Inputs inputs,
                                                StreamView stream) const {
  if (inputs == Inputs::drawn) {
    const Range range("batch gather");
    context_.kernels.run(batch_gather_op(),
                         {.images = context_.dataset,
                          .seed = context_.config.seed,
                          .order = ImageOrder::shuffled,
                          .offset = offset,
                          .clock = context_.memory.clock,
                          .output = real_rows(batch),
                          .range = context_.config.networks.image_range()},
                         stream);
  }
  const Matrix<float> images = activations_.images.row_range(0, 2 * batch);
  const DiscriminatorPass pass{
      images, {player_losses(context_.config, batch), LossOf::discriminator, batch}, masks(draw, 0)};
  discriminator_.enqueue_forward(pass, context_.memory.discriminator_statistics, stream);
  discriminator_.enqueue_parameter_gradients(pass, stream);
}

}  // namespace duel
