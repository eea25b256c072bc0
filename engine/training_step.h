// One iteration of adversarial training as kernels on a stream, whichever way it is computed.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/epoch_plan.h"
#include "engine/tasks/task_list.h"
#include "engine/training_memory.h"
#include "kernels/losses/losses.h"

namespace duel {

/// Where an iteration's latents and real images come from.
enum class Inputs {
  drawn,  ///< random latents, the next images of the dataset
  given,  ///< the caller has given them: TrainingStep::give
};

/// What every way to compute an iteration works with. Kernels and configuration outlive it; the dataset
/// [count, pixels] may be absent where all inputs are given.
struct StepContext {
  const KernelSelection& kernels;
  const TrainingConfig& config;
  const Layouts& layouts;
  TrainingMemory memory;
  Matrix<const std::uint8_t> dataset;
};

class TrainingStep {
 public:
  virtual ~TrainingStep() = default;

  /// Enqueues one iteration in the order and with the losses of the configuration. Only kernels: fit for capture.
  virtual void enqueue(const IterationShape& shape, Inputs inputs, StreamView stream) const = 0;

  /// Sets latents [batch, latent_dim] and real images [batch, pixels] of an iteration with Inputs::given, whose steps
  /// all have that batch. Ready when it returns.
  virtual void give(std::span<const float> latents, std::span<const float> images, StreamView stream) const = 0;

  /// The first `count` images [count, pixels] that the last iteration, of that shape, generated last. Waits for it.
  virtual std::vector<float> generated(const IterationShape& shape, int count, StreamView stream) const = 0;
};

/// The step of the configuration.
std::unique_ptr<TrainingStep> make_training_step(const StepContext& context);

/// How many images an iteration of that shape generates last.
int generated_last(const TrainingConfig& config, const IterationShape& shape);

/// Both losses over `batch` generated and as many real images: means, D's of the two groups' means.
PlayerLosses<float> player_losses(const TrainingConfig& config, int batch);

/// Records the end of every iteration that used `images` real images: its record, and the clock of the next one.
void record_end_iteration(const StepContext& context, int images, TaskList& list);

}  // namespace duel
