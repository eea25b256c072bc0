// An iteration computed one op after another, as the published script does it: every gradient reaches memory, and D
// sees the generated images once for each player. What the fused step is compared with.
#pragma once

#include "engine/discriminator_network.h"
#include "engine/generator_network.h"
#include "engine/training_step.h"

namespace duel {

class PlainStep : public TrainingStep {
 public:
  explicit PlainStep(const StepContext& context);

  void enqueue(const IterationShape& shape, Inputs inputs, StreamView stream) const override;
  void give(std::span<const float> latents, std::span<const float> images, StreamView stream) const override;
  std::vector<float> generated(const IterationShape& shape, int count, StreamView stream) const override;

 private:
  void enqueue_generate(int batch, std::uint32_t draw, Inputs inputs, StreamView stream) const;
  // `draw`: of the batch of generated images; dropout's masks are the same for both players.
  void enqueue_generator_gradients(int batch, std::uint32_t draw, StreamView stream) const;
  void enqueue_discriminator_gradients(int batch, std::uint32_t draw, int offset, Inputs inputs,
                                       StreamView stream) const;
  DropoutMasks masks(std::uint32_t draw, int first_sample) const;
  Matrix<float> real_rows(int batch) const { return activations_.images.row_range(0, batch); }
  Matrix<float> generated_rows(int batch) const { return activations_.images.row_range(batch, batch); }

  StepContext context_;
  PlainActivations activations_;
  GeneratorNetwork generator_;
  DiscriminatorNetwork discriminator_;
};

}  // namespace duel
