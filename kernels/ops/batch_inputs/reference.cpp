#include "kernels/ops/batch_inputs/batch_inputs.h"

#include <vector>

#include "kernels/device/permutation.cuh"
#include "kernels/device/random.cuh"
#include "kernels/ops/latent_normal/latent_normal.h"
#include "kernels/ops/latent_uniform/latent_uniform.h"
#include "kernels/reference.h"

namespace duel {
namespace {

void draw_latents(const BatchInputs<double>& a) {
  const int latent = a.latents.rows, batch = a.latents.columns;
  std::vector<double> values(a.latents.size());  // a sample per row
  const Matrix<double> rows{values.data(), batch, latent};
  if (a.limit > 0) {
    latent_uniform_reference({.output = rows, .limit = a.limit, .seed = a.seed, .draw = a.draw, .clock = a.clock});
  } else {
    latent_normal_reference({.output = rows, .seed = a.seed, .draw = a.draw, .clock = a.clock});
  }
  for (int f = 0; f < latent; ++f) {
    for (int c = 0; c < batch; ++c) at(a.latents, f, c) = at(rows, c, f);
  }
  for (int c = 0; c < a.drawn_labels.rows; ++c) {
    const RandomWords words = draw_words(a.seed, a.clock.data[0].iteration, kLabelDraw + a.draw, 0, c / 4);
    const double share = words.word[c % 4] / 4294967296.0;
    a.drawn_labels.data[c] = static_cast<std::uint8_t>(share * a.classes);
  }
}

}  // namespace

void batch_inputs_reference(const BatchInputs<double>& a) {
  if (a.latents) draw_latents(a);
  const TrainingClock& clock = a.clock.data[0];
  for (int c = 0; c < a.real_count; ++c) {
    const std::uint64_t position = clock.first_image + static_cast<std::uint64_t>(a.offset + c);
    const std::uint64_t image =
        a.order == ImageOrder::as_stored
            ? position
            : permuted_index(position, static_cast<std::uint64_t>(a.images.rows), a.seed, clock.epoch);
    if (a.labels) a.output_labels.data[c] = a.labels.data[image];
    for (int pixel = 0; pixel < a.images.columns; ++pixel) {
      const double unit = at(a.images, static_cast<int>(image), pixel) / 255.0;
      at(a.output, pixel, c) = a.range == ImageRange::zero_to_one ? unit : (unit - 0.5) / 0.5;
    }
  }
}

}  // namespace duel
