#include "kernels/device/permutation.cuh"
#include "kernels/ops/batch_gather/batch_gather.h"

namespace duel {

void batch_gather_reference(const BatchGather<double>& a) {
  const TrainingClock& clock = a.clock.data[0];
  const int pixels = a.images.columns;
  for (int row = 0; row < a.output.rows; ++row) {
    const std::uint64_t position = clock.first_image + static_cast<std::uint64_t>(a.offset + row);
    const std::uint64_t image =
        a.order == ImageOrder::as_stored
            ? position
            : permuted_index(position, static_cast<std::uint64_t>(a.images.rows), a.seed, clock.epoch);
    if (a.labels) a.output_labels.data[row] = a.labels.data[image];
    for (int pixel = 0; pixel < pixels; ++pixel) {
      const double unit = a.images.data[image * pixels + pixel] / 255.0;
      a.output.data[static_cast<std::size_t>(row) * pixels + pixel] =
          a.range == ImageRange::zero_to_one ? unit : (unit - 0.5) / 0.5;
    }
  }
}

}  // namespace duel
