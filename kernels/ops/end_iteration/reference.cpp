#include "kernels/ops/end_iteration/end_iteration.h"

namespace duel {

void end_iteration_reference(const EndIteration& a) {
  TrainingClock& clock = a.clock.data[0];
  const float* discriminator = a.discriminator_statistics.data;
  a.records.data[clock.iteration % static_cast<std::uint64_t>(a.records.rows)] = {
      clock.iteration,          discriminator[kLoss],          a.generator_statistics.data[kLoss],
      discriminator[kMeanReal], discriminator[kMeanGenerated], discriminator[kPenalty]};
  clock.iteration += 1;
  clock.first_image += static_cast<std::uint64_t>(a.images_used);
  if (clock.first_image >= static_cast<std::uint64_t>(a.images_in_epoch)) {
    clock.epoch += 1;
    clock.first_image = 0;
  }
}

}  // namespace duel
