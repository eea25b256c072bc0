// What the passes of a generator and a discriminator work on, one sample per column. D sees the real images of a batch,
// as many generated ones, and, under a gradient penalty, as many points at which it is taken.
#pragma once

#include <vector>

#include "engine/configuration/config.h"
#include "engine/networks/layer_memory.h"
#include "engine/networks/network_input.h"

namespace duel {

struct GanMemory {
  std::vector<LayerMemory> generator;                  ///< all layers; the last one's output is in `images`
  std::vector<LayerMemory> discriminator;              ///< hidden layers; d_linear: of the score, or of a loss
  std::vector<Matrix<float>> scaled;                   ///< dL/da of D's loss in these layers, where d_linear is of
                                                       ///< the score; of maxout where its a was
  NetworkInput generator_input;                        ///< latents [.., batch]
  Matrix<float> images;                                ///< [pixels, columns]: real ones, generated ones, points
  NetworkInput discriminator_input;                    ///< these images, or what dropout leaves of them [.., columns]
  Vector<std::uint8_t> real_labels, generated_labels;  ///< [batch]; absent without classes
  Vector<float> judgement;                             ///< [2 * batch]
  Vector<float> discriminator_terms, d_discriminator;  ///< [columns]; of points the penalty and its gradient's factor
  Vector<float> generator_terms;                       ///< [batch]
  Vector<float> d_generator;                           ///< [2 * batch], of generated images where their scores are
  bool is_penalised = false;

  /// Of a batch with so many real images.
  int points(int real) const { return is_penalised ? real : 0; }

  /// For training, from an Arena or an ArenaPlan.
  template <class Source>
  static GanMemory take(Source& source, const NetworkLayout& generator, const NetworkLayout& discriminator,
                        const TrainingConfig& config) {
    const NetworkConfig& networks = config.networks;
    const int batch = config.batch_size;
    const auto matrix = [&](int rows, int columns) { return source.template take<float>(rows, columns); };
    GanMemory memory;
    memory.is_penalised = config.penalty_weights.chosen().has_value();
    const int columns = 2 * batch + memory.points(batch);
    const std::size_t hidden = discriminator.layers.size() - 1, last = generator.layers.size() - 1;
    memory.generator = take_layers(source, generator, last, batch, Leaves::gradients);
    memory.discriminator = take_layers(source, discriminator, hidden, columns, Leaves::gradients);
    for (const LayerMemory& layer : memory.discriminator) {
      if (discriminator.has_batch_norm()) break;
      memory.scaled.push_back(layer.winner.rows > 0 ? layer.linear : matrix(layer.output.rows, columns));
    }
    memory.generator_input = NetworkInput::take(source, networks.latent_dim, networks.classes, batch);
    memory.discriminator_input =
        NetworkInput::take(source, networks.pixels(), networks.classes * networks.pixels_of_class(), columns);
    const bool is_dropped = networks.input_keep < 1;
    memory.images = is_dropped ? matrix(networks.pixels(), columns) : memory.discriminator_input.values();
    if (networks.classes > 0) {
      for (auto* labels : {&memory.real_labels, &memory.generated_labels}) {
        *labels = source.template take<std::uint8_t>(batch);
      }
    }
    memory.generator.push_back({.output = memory.images,
                                .d_linear = matrix(networks.pixels(), batch),
                                .workspace = take_workspace(source, generator.layers[last], batch, Leaves::gradients)});
    memory.judgement = source.template take<float>(2 * batch);
    for (auto* vector : {&memory.discriminator_terms, &memory.d_discriminator}) {
      *vector = source.template take<float>(columns);
    }
    memory.generator_terms = source.template take<float>(batch);
    memory.d_generator = source.template take<float>(2 * batch);
    return memory;
  }

  /// The same memory for a batch of `generated` images and `real` real ones, both at most as many as it was taken for.
  GanMemory for_batch(int real, int generated) const;
};

}  // namespace duel
