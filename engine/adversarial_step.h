// One iteration of adversarial training as a sequence of kernels, without a host round trip in between.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/config.h"
#include "engine/discriminator_network.h"
#include "engine/generator_network.h"
#include "kernels/end_iteration/end_iteration.h"
#include "kernels/training_clock.h"

namespace duel {

/// Both networks' layouts; immutable.
struct Layouts {
  NetworkLayout generator, discriminator;
  explicit Layouts(const NetworkConfig& config)
      : generator(generator_layout(config)), discriminator(discriminator_layout(config)) {}
};

/// Everything that training keeps on the device, but for the dataset.
struct TrainingMemory {
  static constexpr int kRecords = 1024;  ///< iterations whose statistics the device remembers

  NetworkState generator, discriminator;
  GeneratorActivations generator_activations;
  DiscriminatorActivations discriminator_activations;
  Matrix<float> latents;   ///< [batch_size, latent_dim]
  Matrix<float> images;    ///< [2 * batch_size, pixels]: real rows, then generated ones
  Matrix<float> d_images;  ///< [batch_size, pixels]
  Vector<float> generator_statistics, discriminator_statistics;  ///< [kHeadStatistics]
  Vector<IterationRecord> records;                               ///< [kRecords]
  Vector<TrainingClock> clock;                                   ///< [1]

  template <class Source>
  static TrainingMemory take(Source& source, const TrainingConfig& config, const Layouts& layouts) {
    const int batch = config.batch_size, pixels = config.networks.pixels();
    TrainingMemory memory;
    memory.generator = NetworkState::take(source, layouts.generator);
    memory.discriminator = NetworkState::take(source, layouts.discriminator);
    memory.generator_activations = GeneratorActivations::take(source, layouts.generator, batch);
    memory.discriminator_activations = DiscriminatorActivations::take(source, layouts.discriminator, 2 * batch);
    memory.latents = source.template take<float>(batch, config.networks.latent_dim);
    memory.images = source.template take<float>(2 * batch, pixels);
    memory.d_images = source.template take<float>(batch, pixels);
    memory.generator_statistics = source.template take<float>(kHeadStatistics);
    memory.discriminator_statistics = source.template take<float>(kHeadStatistics);
    memory.records = source.template take<IterationRecord>(kRecords);
    memory.clock = source.template take<TrainingClock>(1);
    return memory;
  }
};

/// Rows of real images that each discriminator step of an iteration takes. The generator's batch has the first's size.
using IterationShape = std::vector<int>;

/// The shapes of all iterations of an epoch over `images` images: all alike, but the last may be smaller.
struct EpochPlan {
  std::int64_t iterations = 0;
  IterationShape full, last;
};
EpochPlan plan_epoch(const TrainingConfig& config, std::int64_t images);

/// Where an iteration's latents and real images come from.
enum class Inputs {
  drawn,  ///< random latents, the next images of the dataset
  given,  ///< the caller has written `latents` and the real rows of `images`
};

class AdversarialStep {
 public:
  /// Keeps references to `kernels`, `config` and `layouts`. dataset [count, pixels] may be absent where all inputs are
  /// given.
  AdversarialStep(const KernelSelection& kernels, const TrainingConfig& config, const Layouts& layouts,
                  const TrainingMemory& memory, Matrix<const std::uint8_t> dataset);

  /// Enqueues one iteration in the order and with the losses of the configuration. Only kernels: fit for capture.
  void enqueue(const IterationShape& shape, Inputs inputs, StreamView stream) const;

  /// Generated images of the last iteration of that shape, [rows, pixels].
  Matrix<float> generated(const IterationShape& shape) const;

 private:
  void enqueue_generate(int batch, std::uint32_t draw, Inputs inputs, StreamView stream) const;
  void enqueue_generator_update(int batch, StreamView stream) const;
  void enqueue_discriminator_update(int batch, int offset, Inputs inputs, StreamView stream) const;
  Matrix<float> real_rows(int batch) const { return memory_.images.row_range(0, batch); }
  Matrix<float> generated_rows(int batch) const { return memory_.images.row_range(batch, batch); }

  const KernelSelection& kernels_;
  const TrainingConfig& config_;
  TrainingMemory memory_;
  GeneratorNetwork generator_;
  DiscriminatorNetwork discriminator_;
  Matrix<const std::uint8_t> dataset_;
};

}  // namespace duel
