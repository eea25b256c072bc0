// Configurations and inputs that the engine's tests share.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "engine/configuration/config.h"
#include "engine/io/idx.h"
#include "engine/io/safetensors.h"
#include "engine/training/given_inputs.h"

namespace duel::test {

/// Both networks with every kind of layer, a few thousand parameters, batches of 16.
inline TrainingConfig small_config() {
  TrainingConfig config;
  config.networks = {
      .latent_dim = 10, .image_size = 8, .generator_widths = {16, 24, 32}, .discriminator_widths = {24, 16}};
  config.batch_size = 16;
  return config;
}

/// As little as there can be, for tests of many iterations.
inline TrainingConfig tiny_config() {
  TrainingConfig config;
  config.networks = {.latent_dim = 3, .image_size = 4, .generator_widths = {4, 5}, .discriminator_widths = {6}};
  config.batch_size = 4;
  return config;
}

/// Networks of convolutions, small, with every kind of layer; and with weights so large that no gradient is tiny.
inline TrainingConfig dcgan_config() {
  TrainingConfig config;
  config.networks = {.kind = NetworkKind::dcgan,
                     .latent_dim = 5,
                     .image_size = 8,
                     .generator_widths = {6, 5, 4},
                     .discriminator_widths = {4, 5, 6},
                     .discriminator_norm = NetworkNorm::batch,
                     .hidden_keep = 0.75f,
                     .generator_init = 0.4f,
                     .discriminator_init = 0.4f};
  config.batch_size = 16;
  config.loss = loss_kind<CrossEntropy>();
  return config;
}

/// The networks and the optimizer of the preset `paper`, small.
inline TrainingConfig paper_config() {
  TrainingConfig config;
  config.networks = {.latent_dim = 10,
                     .image_size = 8,
                     .generator_widths = {24, 20},
                     .discriminator_widths = {12, 9},
                     .leaky_slope = 0,
                     .generator_norm = NetworkNorm::none,
                     .image_head = ImageHead::sigmoid,
                     .latent_distribution = LatentDistribution::uniform,
                     .discriminator_unit = DiscriminatorUnit::maxout,
                     .maxout_pieces = 3,
                     .input_keep = 0.8f,
                     .hidden_keep = 0.5f};
  config.batch_size = 16;
  config.order = UpdateOrder::simultaneous;
  config.loss = loss_kind<CrossEntropy>();
  config.optimizer.kind = kind_of<SgdMomentum>;
  config.optimizer.SgdMomentum::momentum_epochs = 5;  // epochs are of one iteration in these tests
  return config;
}

/// Value of a pixel of class 0 or 1 of a dataset that two stripes tell apart, before noise.
inline int stripe(int image_class, int pixel) {
  return (image_class == 0 ? pixel % 3 == 0 : pixel % 5 < 2) ? 220 : 20;
}

/// `count` images of the two classes in turn, with noise from `seed`; fit for the configuration, and where it has
/// classes labelled with each of them in turn.
inline ImageSet striped_images(const NetworkConfig& networks, int count, std::uint64_t seed = 1) {
  ImageSet images{count, networks.image_size, networks.image_size, networks.channels, {}, {}};
  std::mt19937_64 random(seed);
  for (int image = 0; image < count; ++image) {
    for (int pixel = 0; pixel < networks.pixels(); ++pixel) {
      images.pixels.push_back(static_cast<std::uint8_t>(stripe(image % 2, pixel) + static_cast<int>(random() % 31)));
    }
    if (networks.classes > 0) images.labels.push_back(static_cast<std::uint8_t>(image % networks.classes));
  }
  return images;
}

/// Inputs of Trainer::run_given.
struct GivenBatch {
  std::vector<float> latents;                               ///< [rows, latent_dim]
  std::vector<float> images;                                ///< [rows, pixels]
  std::vector<std::uint8_t> real_labels, generated_labels;  ///< [rows]; none where there are no classes

  GivenInputs inputs() const { return {latents, images, real_labels, generated_labels}; }
};

inline GivenBatch random_batch(const NetworkConfig& networks, int rows, std::mt19937_64& random) {
  GivenBatch batch;
  for (int i = 0; i < rows * networks.latent_dim; ++i) {
    // The sum of twelve uniform values has variance 1 and, unlike std::normal_distribution, is the same everywhere.
    float sum = -6;
    for (int term = 0; term < 12; ++term) sum += static_cast<float>(random() >> 40) * 0x1p-24f;
    batch.latents.push_back(sum);
  }
  for (const std::uint8_t pixel : striped_images(networks, rows, random()).pixels) {
    batch.images.push_back(static_cast<float>(pixel) / 127.5f - 1.f);
  }
  for (auto* labels : {&batch.real_labels, &batch.generated_labels}) {
    for (int i = 0; networks.classes > 0 && i < rows; ++i) {
      labels->push_back(static_cast<std::uint8_t>(random() % static_cast<std::uint64_t>(networks.classes)));
    }
  }
  return batch;
}

}  // namespace duel::test
