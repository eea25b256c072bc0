#include "engine/networks/latents.h"

#include <numbers>
#include <stdexcept>
#include <string>

#include "kernels/kernel_selection.h"
#include "kernels/ops/latent_normal/latent_normal.h"
#include "kernels/ops/latent_uniform/latent_uniform.h"
#include "kernels/runtime/buffer.h"

namespace duel {

float latent_limit(const NetworkConfig& networks) {
  return networks.latent_distribution == LatentDistribution::uniform ? std::numbers::sqrt3_v<float> : 0.f;
}

std::vector<float> with_classes(std::span<const float> latents, const NetworkConfig& networks,
                                std::span<const std::uint8_t> labels) {
  if (networks.classes == 0) return {latents.begin(), latents.end()};
  const auto latent_dim = static_cast<std::size_t>(networks.latent_dim);
  if (labels.size() * latent_dim != latents.size()) {
    throw std::invalid_argument(std::to_string(labels.size()) + " labels; expected one for each of " +
                                std::to_string(latents.size() / latent_dim) + " latents");
  }
  std::vector<float> rows;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= networks.classes) {
      throw std::invalid_argument("label " + std::to_string(labels[i]) +
                                  "; expected one below the number of classes, " + std::to_string(networks.classes));
    }
    const auto latent = latents.subspan(i * latent_dim, latent_dim);
    rows.insert(rows.end(), latent.begin(), latent.end());
    rows.resize(rows.size() + static_cast<std::size_t>(networks.classes));
    *(rows.end() - networks.classes + labels[i]) = 1;
  }
  return rows;
}

NetworkConfig without_classes(NetworkConfig networks) {
  networks.classes = 0;
  return networks;
}

std::vector<std::uint8_t> classes_in_turn(int count, int classes) {
  std::vector<std::uint8_t> labels;
  for (int i = 0; i < count && classes > 0; ++i) labels.push_back(static_cast<std::uint8_t>(i % classes));
  return labels;
}

std::vector<float> draw_latents(int count, const NetworkConfig& networks, std::uint64_t seed,
                                std::span<const std::uint8_t> labels) {
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
  const std::vector<float> drawn = latents.download(stream);
  const std::vector<std::uint8_t> in_turn = classes_in_turn(count, networks.classes);
  return with_classes(drawn, networks, labels.empty() ? in_turn : labels);
}

}  // namespace duel
