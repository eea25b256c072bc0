// Trains a generator and a discriminator against each other. All state lives on the device; the host enqueues
// whole iterations as graphs and reads statistics back in batches, asynchronously.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/config.h"
#include "engine/io/idx.h"
#include "engine/io/safetensors.h"

namespace duel {

/// What one iteration reports. Means are over the batch; D(G(z)) is the discriminator step's.
struct IterationStats {
  std::int64_t iteration;    ///< counted from 0
  float discriminator_loss;  ///< (BCE(D(x), 1) + BCE(D(G(z)), 0)) / 2
  float generator_loss;
  float d_real;  ///< mean D(x)
  float d_fake;  ///< mean D(G(z))
};

/// Batch norm's statistics while generating: of the batch at hand (as in training) or the running averages.
enum class BatchStatistics { batch, running };

/// Float images in [-1, 1], [count, channels, height, width], contiguous.
struct FloatImages {
  int count = 0, channels = 1, height = 0, width = 0;
  std::vector<float> values;
};

class Trainer {
 public:
  /// Initialises both networks from config.seed and moves the images to the device.
  /// Throws std::invalid_argument for a bad configuration or images of another size; CudaError.
  Trainer(const TrainingConfig& config, const ImageSet& images);
  ~Trainer();
  Trainer(Trainer&&) noexcept;

  const TrainingConfig& config() const;
  std::int64_t iteration() const;             ///< iterations done
  std::int64_t iterations_per_epoch() const;  ///< the last batch of an epoch may be smaller
  std::size_t device_bytes() const;           ///< device memory in use by this trainer

  using OnStats = std::function<void(std::span<const IterationStats>)>;
  using ShouldStop = std::function<bool()>;
  /// Runs `count` iterations, or fewer where should_stop() says so between two batches of iterations. on_stats
  /// sees every iteration once, in order, while later ones are running. Returns when all enqueued work is done.
  void run(std::int64_t count, const OnStats& on_stats = {}, const ShouldStop& should_stop = {});

  /// G(z) for latents [count, latent_dim]. Never changes the training state.
  FloatImages generate(std::span<const float> latents, BatchStatistics statistics);
  /// The first `count` generated images of the last iteration; throws std::invalid_argument before the first one
  /// or where the batch had fewer.
  FloatImages last_generated(int count);

  /// Parameters, optimizer moments, running statistics and counters under PyTorch's names: the whole state.
  TensorFile state() const;
  /// Continues from such a state. Throws DataError where a tensor is missing, unknown or of another shape.
  void load_state(const TensorFile& file);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Draws latents [count, latent_dim] from N(0, 1) on the device, from `seed` alone.
std::vector<float> draw_latents(int count, int latent_dim, std::uint64_t seed);

}  // namespace duel
