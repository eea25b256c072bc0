// Public. A trained generator by itself: draws images from latents.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/configuration/config.h"
#include "engine/configuration/network_layout.h"
#include "engine/io/safetensors.h"
#include "engine/networks/latents.h"
#include "engine/networks/network_state.h"
#include "kernels/batch_statistics.h"
#include "kernels/kernel_selection.h"

namespace duel {

/// Which weights of a training generate: those of the last iteration, or their moving average.
enum class GeneratorWeights { last, average };

/// Float images [count, channels, height, width], contiguous, of pixels in `range`.
struct FloatImages {
  int count = 0, channels = 1, height = 0, width = 0;
  std::vector<float> values;
  ImageRange range = ImageRange::minus_one_to_one;
};

class Generator {
 public:
  /// Takes the generator's weights and running statistics from a checkpoint; their average where it has one and
  /// `weights` says so. Throws DataError where a tensor is missing or of another shape; CudaError.
  Generator(const NetworkConfig& config, const TensorFile& checkpoint,
            GeneratorWeights weights = GeneratorWeights::average, const KernelSelection& kernels = {});

  /// G(z) for latents [count, generator_inputs], as with_classes() makes them where there are classes. Throws
  /// std::invalid_argument for a partial row, and for the statistics of a batch of one image.
  FloatImages generate(std::span<const float> latents, BatchStatistics statistics) const;

  /// The selection, with what it decided so far.
  const KernelSelection& kernels() const { return kernels_; }

 private:
  KernelSelection kernels_;
  NetworkConfig config_;
  NetworkLayout layout_;
  Arena memory_;
  NetworkState state_;
  Stream stream_;
};

/// G(z) of a network on the device, after all work given to the stream. Leaves the network as it is. Throws
/// std::invalid_argument for a partial row, and for the statistics of a batch of one image.
FloatImages generate_images(const KernelSelection& kernels, const NetworkConfig& config, const NetworkLayout& layout,
                            const NetworkState& state, std::span<const float> latents, BatchStatistics statistics,
                            StreamView stream);

}  // namespace duel
