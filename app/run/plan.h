// What a training run will compute and need, before it starts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/settings/train_options.h"

namespace duel::app {

struct Plan {
  std::int64_t images = 0;
  std::int64_t images_per_epoch = 0;  ///< all, or all but one (engine/games/epoch_plan.h)
  std::int64_t iterations_per_epoch = 0;
  std::int64_t iterations = 0;  ///< of the whole run
  std::int64_t generator_parameters = 0, discriminator_parameters = 0;
  double operations_per_iteration = 0;  ///< least work: multiplications and additions of the matrix products
  std::int64_t device_bytes = 0;        ///< all of the training's device memory
  std::int64_t image_bytes = 0;         ///< the dataset's share of it, 8-bit
};

Plan make_plan(const TrainOptions& options, std::int64_t images);
/// What people should know of it: where an epoch leaves an image out.
std::vector<std::string> warnings_of(const Plan& plan);
/// Throws SettingError for a window of the profiler that the run never reaches, which would leave it waiting.
void require_window(const Plan& plan, const IterationWindow& window);
/// Throws CudaError where the device in use has less memory left than the plan needs; it says both.
void require_memory(const Plan& plan);

/// Several lines for people.
std::string describe(const Plan& plan);

}  // namespace duel::app
