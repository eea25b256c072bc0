#include "engine/networks/latents.h"

#include <numbers>

#include "kernels/kernel_selection.h"
#include "kernels/ops/latent_normal/latent_normal.h"
#include "kernels/ops/latent_uniform/latent_uniform.h"
#include "kernels/runtime/buffer.h"

namespace duel {

float latent_limit(const NetworkConfig& networks) {
  return networks.latent_distribution == LatentDistribution::uniform ? std::numbers::sqrt3_v<float> : 0.f;
}

std::vector<float> draw_latents(int count, const NetworkConfig& networks, std::uint64_t seed) {
  const Stream stream;
  const TrainingClock start{};
  const DeviceBuffer<TrainingClock> clock(std::span(&start, 1), stream);
  const DeviceBuffer<float> latents(static_cast<std::size_t>(count) * networks.latent_dim);
  const Matrix<float> output = latents.matrix(count, networks.latent_dim);
  const KernelSelection kernels;
  if (const float limit = latent_limit(networks); limit > 0) {
    kernels.run(latent_uniform_op(),
                {.output = output, .limit = limit, .seed = seed, .draw = kSamplingDraw, .clock = clock.vector()},
                stream);
  } else {
    kernels.run(latent_normal_op(), {.output = output, .seed = seed, .draw = kSamplingDraw, .clock = clock.vector()},
                stream);
  }
  return latents.download(stream);
}

}  // namespace duel
