// What `bench` finds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/configuration/config.h"
#include "engine/measure/statistics.h"
#include "engine/training/least_work.h"
#include "kernels/runtime/device.h"

namespace duel::app {

constexpr int kImagesOfEpoch = 60'000;

/// What is measured: a way to compute an iteration, its batch, and a factor of the hidden layers' widths.
struct BenchShape {
  StepKind step = StepKind::fused;
  int batch_size = 64;
  int width = 1;
};
/// "fused, batch 64, width 1".
std::string text_of(const BenchShape& shape);

/// What the device can do at most, per second.
struct Ceilings {
  double flops = 0;              ///< float32, in registers, no tensor cores
  double copy_bytes = 0;         ///< read and written, memory much larger than the caches
  std::size_t copied_bytes = 0;  ///< size of that memory
};

/// The kernels of one named range of an iteration that is enqueued kernel by kernel.
struct RangeShare {
  std::string path;
  double seconds = 0;  ///< median
  double share = 0;    ///< of the sum over all ranges
};

struct Measurement {
  BenchShape shape;
  TrainingConfig config;
  int images = 0;                  ///< made up; every iteration has a full batch
  std::int64_t parameters = 0;     ///< of both networks
  std::int64_t iterations = 0;     ///< of a round
  std::vector<double> seconds;     ///< of an iteration, for each round
  std::size_t graph_nodes = 0;     ///< of an iteration
  std::size_t device_bytes = 0;    ///< the images included
  LeastWork work;                  ///< of an iteration
  double ceiling_flops = 0;        ///< per second
  double ceiling_bytes = 0;        ///< per second; the faster of copies in large memory and in as much as this touches
  std::vector<RangeShare> ranges;  ///< in the order of an iteration
  std::size_t timed_iterations = 0;  ///< kernel by kernel

  Summary summary() const { return summarize(seconds); }  ///< seconds of an iteration
  double images_per_second() const;                       ///< real images that D sees
  double epoch_seconds() const;                           ///< of kImagesOfEpoch images, at that speed
  double flops_per_second() const;                        ///< of the least work
  double bytes_per_second() const;                        ///< of the least work
  double floor_seconds() const;                           ///< no iteration can be faster; see the user guide
  bool is_bound_by_flops() const;                         ///< computing, not memory, sets the floor
  double time_over_floor() const;
  double seconds_kernel_by_kernel() const;  ///< sum over all ranges
};

struct Skipped {
  BenchShape shape;
  std::string reason;
};

struct BenchResult {
  std::string program;  ///< its name
  DeviceChoice device;
  std::string preset;
  Ceilings ceilings;
  std::vector<Measurement> measurements;
  std::vector<Skipped> skipped;
};

}  // namespace duel::app
