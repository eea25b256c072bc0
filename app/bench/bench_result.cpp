#include "app/bench/bench_result.h"

#include <algorithm>

#include "engine/configuration/config_names.h"

namespace duel::app {

std::string text_of(const BenchShape& shape) {
  return name_of(shape.step) + ", batch " + std::to_string(shape.batch_size) + ", width " + std::to_string(shape.width);
}

double Measurement::images_per_second() const {
  return static_cast<double>(config.batch_size) * config.discriminator_steps / summary().median;
}

double Measurement::epoch_seconds() const {
  return kImagesOfEpoch / images_per_second();
}

double Measurement::flops_per_second() const {
  return work.flops / summary().median;
}

double Measurement::bytes_per_second() const {
  return work.bytes / summary().median;
}

double Measurement::floor_seconds() const {
  return std::max(work.flops / ceiling_flops, work.bytes / ceiling_bytes);
}

bool Measurement::is_bound_by_flops() const {
  return work.flops / ceiling_flops >= work.bytes / ceiling_bytes;
}

double Measurement::time_over_floor() const {
  return summary().median / floor_seconds();
}

double Measurement::seconds_kernel_by_kernel() const {
  double sum = 0;
  for (const RangeShare& range : ranges) sum += range.seconds;
  return sum;
}

}  // namespace duel::app
