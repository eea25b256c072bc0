#include "engine/adversarial_step.h"

#include <algorithm>
#include <numeric>

#include "kernels/batch_gather/batch_gather.h"
#include "kernels/latent_normal/latent_normal.h"
#include "kernels/runtime/range.h"

namespace duel {
namespace {

CrossEntropy cross_entropy(BceForm form) {
  return form == BceForm::logits ? CrossEntropy::logits : CrossEntropy::clamped;
}

// The generator's loss over `batch` generated rows. Minimax minimises mean log(1 - D) = -BCE(D, 0).
LossTargets generator_targets(const TrainingConfig& config, int batch) {
  const float weight = 1.f / static_cast<float>(batch);
  const bool minimax = config.generator_loss == GeneratorLoss::minimax;
  return {.form = cross_entropy(config.bce_form),
          .real_rows = 0,
          .generated = {.label = minimax ? 0.f : 1.f, .weight = minimax ? -weight : weight}};
}

// (BCE(D(x), 1) + BCE(D(G(z)), 0)) / 2 over `batch` real and as many generated rows.
LossTargets discriminator_targets(const TrainingConfig& config, int batch) {
  const float weight = 0.5f / static_cast<float>(batch);
  return {.form = cross_entropy(config.bce_form),
          .real_rows = batch,
          .real = {.label = 1.f, .weight = weight},
          .generated = {.label = 0.f, .weight = weight}};
}

}  // namespace

EpochPlan plan_epoch(const TrainingConfig& config, std::int64_t images) {
  EpochPlan plan;
  const std::int64_t per_iteration = std::int64_t{config.batch_size} * config.discriminator_steps;
  plan.iterations = (images + per_iteration - 1) / per_iteration;
  plan.full = IterationShape(static_cast<std::size_t>(config.discriminator_steps), config.batch_size);
  for (std::int64_t left = images - (plan.iterations - 1) * per_iteration; left > 0; left -= plan.last.back()) {
    plan.last.push_back(static_cast<int>(std::min<std::int64_t>(left, config.batch_size)));
  }
  return plan;
}

AdversarialStep::AdversarialStep(const KernelSelection& kernels, const TrainingConfig& config, const Layouts& layouts,
                                 const TrainingMemory& memory, Matrix<const std::uint8_t> dataset)
    : kernels_(kernels),
      config_(config),
      memory_(memory),
      generator_{kernels, config.networks, layouts.generator, memory.generator, memory.generator_activations},
      discriminator_{kernels, config.networks, layouts.discriminator, memory.discriminator,
                     memory.discriminator_activations},
      dataset_(dataset) {}

void AdversarialStep::enqueue(const IterationShape& shape, Inputs inputs, StreamView stream) const {
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

  const bool generator_first = config_.order == UpdateOrder::generator_first;
  if (generator_first) update_generator();
  int offset = 0;
  for (std::size_t step = 0; step < shape.size(); ++step) {
    // As in the script, the first discriminator step sees the images that the generator was just judged by.
    update_discriminator(!(generator_first && step == 0), step, offset);
    offset += shape[step];
  }
  if (!generator_first) update_generator();

  const Range range("end iteration");
  kernels_.run(end_iteration_op(),
               {.discriminator_statistics = memory_.discriminator_statistics,
                .generator_statistics = memory_.generator_statistics,
                .images_used = offset,
                .images_in_epoch = dataset_ ? dataset_.rows : offset,
                .records = memory_.records,
                .clock = memory_.clock},
               stream);
}

Matrix<float> AdversarialStep::generated(const IterationShape& shape) const {
  const bool generator_last = config_.order == UpdateOrder::discriminator_first;
  return generated_rows(generator_last ? shape.front() : shape.back());
}

void AdversarialStep::enqueue_generate(int batch, std::uint32_t draw, Inputs inputs, StreamView stream) const {
  const Matrix<float> latents = memory_.latents.row_range(0, batch);
  if (inputs == Inputs::drawn) {
    const Range range("latents");
    kernels_.run(latent_normal_op(), {.output = latents, .seed = config_.seed, .draw = draw, .clock = memory_.clock},
                 stream);
  }
  generator_.enqueue_forward(latents, generated_rows(batch), NormalizeWith::batch_statistics, true, stream);
}

void AdversarialStep::enqueue_generator_update(int batch, StreamView stream) const {
  const LossTargets targets = generator_targets(config_, batch);
  const Matrix<float> images = generated_rows(batch), d_images = memory_.d_images.row_range(0, batch);
  discriminator_.enqueue_forward(images, targets, memory_.generator_statistics, stream);
  discriminator_.enqueue_image_gradient(images, targets, d_images, stream);
  generator_.enqueue_backward(memory_.latents.row_range(0, batch), images, d_images, stream);
  enqueue_adam(kernels_, memory_.generator, config_.adam, stream);
}

void AdversarialStep::enqueue_discriminator_update(int batch, int offset, Inputs inputs, StreamView stream) const {
  const LossTargets targets = discriminator_targets(config_, batch);
  if (inputs == Inputs::drawn) {
    const Range range("batch gather");
    kernels_.run(batch_gather_op(),
                 {.images = dataset_,
                  .seed = config_.seed,
                  .order = ImageOrder::shuffled,
                  .offset = offset,
                  .clock = memory_.clock,
                  .output = real_rows(batch)},
                 stream);
  }
  const Matrix<float> images = memory_.images.row_range(0, 2 * batch);
  discriminator_.enqueue_forward(images, targets, memory_.discriminator_statistics, stream);
  discriminator_.enqueue_parameter_gradients(images, targets, stream);
  enqueue_adam(kernels_, memory_.discriminator, config_.adam, stream);
}

}  // namespace duel
