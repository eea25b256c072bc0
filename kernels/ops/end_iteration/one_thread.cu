// One thread: a record, three counters.
#include <array>

#include "kernels/device/programmatic_launch.cuh"
#include "kernels/ops/end_iteration/end_iteration.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

__global__ void __launch_bounds__(1)
    end_iteration_kernel(const float* __restrict__ discriminator, const float* __restrict__ generator,
                         std::int64_t images_used, std::int64_t images_in_epoch, IterationRecord* records, int capacity,
                         TrainingClock* clock) {
  begin_overlapping_kernel();
  TrainingClock now = *clock;
  records[now.iteration % static_cast<std::uint64_t>(capacity)] = {now.iteration,
                                                                   discriminator[kLoss],
                                                                   generator[kLoss],
                                                                   discriminator[kMeanReal],
                                                                   discriminator[kMeanGenerated],
                                                                   discriminator[kPenalty]};
  ++now.iteration;
  now.first_image += static_cast<std::uint64_t>(images_used);
  if (now.first_image >= static_cast<std::uint64_t>(images_in_epoch)) {
    now.first_image = 0;
    ++now.epoch;
  }
  *clock = now;
}

void launch_one_thread(const EndIteration& a, StreamView stream) {
  launch(stream, {.grid = 1, .block = 1, .overlaps_previous = true}, end_iteration_kernel,
         a.discriminator_statistics.data, a.generator_statistics.data, a.images_used, a.images_in_epoch, a.records.data,
         a.records.rows, a.clock.data);
}

void validate(const EndIteration& a) {
  constexpr auto op = "end_iteration";
  require_shape(op, "discriminator_statistics", a.discriminator_statistics, kHeadStatistics);
  require_shape(op, "generator_statistics", a.generator_statistics, kHeadStatistics);
  require(a.images_used > 0 && a.images_in_epoch > 0, op, "images_used and images_in_epoch above 0");
  require(a.records.rows > 0, op, "room for at least one record");
  require_shape(op, "records", a.records, a.records.rows);
  require_shape(op, "clock", a.clock, 1);
}

constexpr std::array kVariants{
    Variant<EndIteration>{"one_thread", "one thread does it all", supports_any_device, launch_one_thread},
};

}  // namespace

const Op<EndIteration>& end_iteration_op() {
  static constexpr Op<EndIteration> op{"end_iteration", kVariants, [](const EndIteration&) { return Flops{}; },
                                       validate};
  return op;
}

}  // namespace duel
