// What an iteration of the fused step works on, one sample per column; a pass of one network has a part of it.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/configuration/config.h"
#include "engine/configuration/network_layout.h"
#include "kernels/batch_statistics.h"
#include "kernels/runtime/view.h"

namespace duel {

struct FusedActivations {
  struct Generator {
    Matrix<float> output;             ///< y [out, batch]
    Matrix<float> normalized;         ///< [out, batch], with batch norm only
    Vector<float> inverse_deviation;  ///< [out], with batch norm only
    Matrix<float> d_linear;           ///< dL/da [out, batch]
  };
  struct Discriminator {
    Matrix<float> output;         ///< what dropout leaves of y [out, 2 * batch]
    Matrix<float> unit_gradient;  ///< of the logit with respect to a [out * pieces, 2 * batch]
    Matrix<float> d_linear;       ///< of the discriminator's loss [out * pieces, 2 * batch]; of maxout a itself before
    Matrix<float> d_output;       ///< of the logit with respect to `output` [out, 2 * batch], with maxout but the last
    Matrix<std::uint8_t> winner;  ///< [out, 2 * batch], with maxout only
  };
  std::vector<Generator> generator;          ///< hidden layers
  std::vector<Discriminator> discriminator;  ///< hidden layers
  Matrix<float> latents;                     ///< [latent_dim, batch]
  Matrix<float> images;                      ///< [pixels, 2 * batch]: real columns, then generated ones
  Matrix<float> kept_images;                 ///< what dropout leaves of them [pixels, 2 * batch]; absent without
  Matrix<float> d_images;                    ///< of the generator's loss, before tanh [pixels, batch]
  Vector<float> judgement, discriminator_terms, d_discriminator;  ///< [2 * batch]
  Vector<float> generator_terms, d_generator;                     ///< [batch]

  /// What a generator's forward pass alone needs, from an Arena or an ArenaPlan. `statistics`: batch norm's.
  template <class Source>
  static FusedActivations take_generator(Source& source, const NetworkLayout& layout, int batch, int image_columns,
                                         BatchStatistics statistics) {
    const auto matrix = [&](int rows, int columns) { return source.template take<float>(rows, columns); };
    FusedActivations memory;
    for (std::size_t i = 0; i + 1 < layout.layers.size(); ++i) {
      const LayerSlots& layer = layout.layers[i];
      Generator hidden{.output = matrix(layer.out, batch)};
      if (layer.batch_norm && statistics == BatchStatistics::batch) {
        hidden.normalized = matrix(layer.out, batch);
        hidden.inverse_deviation = source.template take<float>(layer.out);
      }
      memory.generator.push_back(hidden);
    }
    memory.latents = matrix(layout.layers.front().in, batch);
    memory.images = matrix(layout.layers.back().out, image_columns);
    return memory;
  }

  /// The same of a discriminator.
  template <class Source>
  static FusedActivations take_discriminator(Source& source, const NetworkLayout& layout, const NetworkConfig& networks,
                                             int batch) {
    FusedActivations memory;
    memory.discriminator = take_hidden(source, layout, networks, batch);
    memory.images = source.template take<float>(layout.layers.front().in, batch);
    memory.judgement = source.template take<float>(batch);
    return memory;
  }

  /// Of both, for training.
  template <class Source>
  static FusedActivations take(Source& source, const NetworkLayout& generator, const NetworkLayout& discriminator,
                               const NetworkConfig& networks, int batch) {
    const auto matrix = [&](int rows, int columns) { return source.template take<float>(rows, columns); };
    FusedActivations memory = take_generator(source, generator, batch, 2 * batch, BatchStatistics::batch);
    for (std::size_t i = 0; i + 1 < generator.layers.size(); ++i) {
      memory.generator[i].d_linear = matrix(generator.layers[i].out, batch);
    }
    memory.discriminator = take_hidden(source, discriminator, networks, 2 * batch);
    for (std::size_t i = 0; i < memory.discriminator.size(); ++i) {
      const LayerSlots& layer = discriminator.layers[i];
      Discriminator& hidden = memory.discriminator[i];
      hidden.unit_gradient = matrix(layer.rows(), 2 * batch);
      if (networks.discriminator_unit == DiscriminatorUnit::maxout) {
        if (i + 1 < memory.discriminator.size()) hidden.d_output = matrix(layer.out, 2 * batch);
      } else {
        hidden.d_linear = matrix(layer.rows(), 2 * batch);
      }
    }
    if (networks.input_keep < 1) memory.kept_images = matrix(networks.pixels(), 2 * batch);
    memory.d_images = matrix(networks.pixels(), batch);
    for (auto* vector : {&memory.judgement, &memory.discriminator_terms, &memory.d_discriminator}) {
      *vector = source.template take<float>(2 * batch);
    }
    for (auto* vector : {&memory.generator_terms, &memory.d_generator}) *vector = source.template take<float>(batch);
    return memory;
  }

  /// The same memory for a batch of `generated` images and `real` real ones, both at most as many as it was taken for.
  FusedActivations for_batch(int real, int generated) const;

 private:
  /// What hidden layers of a discriminator need on the way forward.
  template <class Source>
  static std::vector<Discriminator> take_hidden(Source& source, const NetworkLayout& layout,
                                                const NetworkConfig& networks, int columns) {
    std::vector<Discriminator> layers;
    for (std::size_t i = 0; i + 1 < layout.layers.size(); ++i) {
      const LayerSlots& layer = layout.layers[i];
      Discriminator hidden;
      hidden.output = source.template take<float>(layer.out, columns);
      if (networks.discriminator_unit == DiscriminatorUnit::maxout) {
        hidden.d_linear = source.template take<float>(layer.rows(), columns);
        hidden.winner = source.template take<std::uint8_t>(layer.out, columns);
      }
      layers.push_back(hidden);
    }
    return layers;
  }
};

}  // namespace duel
