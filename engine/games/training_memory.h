// Everything that training keeps on the device, but for the dataset.
#pragma once

#include "engine/games/gan_memory.h"
#include "engine/networks/network_state.h"
#include "kernels/head_statistics.h"
#include "kernels/ops/end_iteration/end_iteration.h"
#include "kernels/training_clock.h"

namespace duel {

/// Both networks' layouts; immutable.
struct Layouts {
  NetworkLayout generator, discriminator;
  explicit Layouts(const NetworkConfig& config)
      : generator(generator_layout(config)), discriminator(discriminator_layout(config)) {}
};

struct TrainingMemory {
  static constexpr int kRecords = 1024;  ///< iterations whose statistics the device remembers

  NetworkState generator, discriminator;
  NetworkState generator_average;  ///< weights only; absent where the configuration asks for no average
  Vector<float> generator_statistics, discriminator_statistics;  ///< [kHeadStatistics]
  Vector<IterationRecord> records;                               ///< [kRecords]
  Vector<TrainingClock> clock;                                   ///< [1]
  GanMemory activations;

  template <class Source>
  static TrainingMemory take(Source& source, const TrainingConfig& config, const Layouts& layouts) {
    TrainingMemory memory;
    memory.generator = NetworkState::take(source, layouts.generator, config.optimizer.kind);
    memory.discriminator = NetworkState::take(source, layouts.discriminator, config.optimizer.kind);
    if (config.ema_decay > 0) memory.generator_average = NetworkState::take_weights(source, layouts.generator);
    memory.generator_statistics = source.template take<float>(kHeadStatistics);
    memory.discriminator_statistics = source.template take<float>(kHeadStatistics);
    memory.records = source.template take<IterationRecord>(kRecords);
    memory.clock = source.template take<TrainingClock>(1);
    memory.activations = GanMemory::take(source, layouts.generator, layouts.discriminator, config);
    return memory;
  }
};

}  // namespace duel
