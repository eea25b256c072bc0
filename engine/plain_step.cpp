#include "engine/plain_step.h"

#include "kernels/batch_gather/batch_gather.h"
#include "kernels/latent_normal/latent_normal.h"
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
  std::uint32_t draw = 0;
  const auto update_discriminator = [&](bool fresh_latents, std::size_t step, int offset) {
    const Range range("discriminator update");
    if (fresh_latents) enqueue_generate(shape[step], draw++, inputs, stream);
    enqueue_discriminator_update(shape[step], offset, inputs, stream);
  };
  const auto update_generator = [&] {
    const Range range("generator update");
    enqueue_generate(shape[0], draw++, inputs, stream);
    enqueue_generator_update(shape[0], stream);
  };

  const bool generator_first = context_.config.order == UpdateOrder::generator_first;
  if (generator_first) update_generator();
  int offset = 0;
  for (std::size_t step = 0; step < shape.size(); ++step) {
    // As in the script, the first discriminator step sees the images that the generator was just judged by.
    update_discriminator(!(generator_first && step == 0), step, offset);
    offset += shape[step];
  }
  if (!generator_first) update_generator();

  enqueue_end_iteration(context_, offset, stream);
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
  const Matrix<float> rows = generated_rows(generated_last(context_.config, shape)).row_range(0, count);
  std::vector<float> values(rows.size());
  check(cudaMemcpyAsync(values.data(), rows.data, rows.bytes(), cudaMemcpyDeviceToHost, stream.get()));
  stream.synchronize();
  return values;
}

void PlainStep::enqueue_generate(int batch, std::uint32_t draw, Inputs inputs, StreamView stream) const {
  const Matrix<float> latents = activations_.latents.row_range(0, batch);
  if (inputs == Inputs::drawn) {
    const Range range("latents");
    context_.kernels.run(
        latent_normal_op(),
        {.output = latents, .seed = context_.config.seed, .draw = draw, .clock = context_.memory.clock}, stream);
  }
  generator_.enqueue_forward(latents, generated_rows(batch), NormalizeWith::batch_statistics, true, stream);
}

void PlainStep::enqueue_generator_update(int batch, StreamView stream) const {
  const LossTargets targets = generator_targets(context_.config, batch);
  const Matrix<float> images = generated_rows(batch), d_images = activations_.d_images.row_range(0, batch);
  discriminator_.enqueue_forward(images, targets, context_.memory.generator_statistics, stream);
  discriminator_.enqueue_image_gradient(images, targets, d_images, stream);
  generator_.enqueue_backward(activations_.latents.row_range(0, batch), images, d_images, stream);
  enqueue_adam(context_.kernels, context_.memory.generator, context_.config.adam, stream);
}

void PlainStep::enqueue_discriminator_update(int batch, int offset, Inputs inputs, StreamView stream) const {
  const LossTargets targets = discriminator_targets(context_.config, batch);
  if (inputs == Inputs::drawn) {
    const Range range("batch gather");
    context_.kernels.run(batch_gather_op(),
                         {.images = context_.dataset,
                          .seed = context_.config.seed,
                          .order = ImageOrder::shuffled,
                          .offset = offset,
                          .clock = context_.memory.clock,
                          .output = real_rows(batch)},
                         stream);
  }
  const Matrix<float> images = activations_.images.row_range(0, 2 * batch);
  discriminator_.enqueue_forward(images, targets, context_.memory.discriminator_statistics, stream);
  discriminator_.enqueue_parameter_gradients(images, targets, stream);
  enqueue_adam(context_.kernels, context_.memory.discriminator, context_.config.adam, stream);
}

}  // namespace duel
