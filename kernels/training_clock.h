// Where training stands. Lives on the device: kernels read it, end_iteration advances it, and so a replayed graph
// draws new latents and takes the next images by itself.
#pragma once

#include <cstdint>

namespace duel {

struct TrainingClock {
  std::uint64_t iteration;    ///< counted from 0 over the whole run
  std::uint64_t epoch;        ///< counted from 0
  std::uint64_t first_image;  ///< position in the epoch's order of images where the iteration begins
};

}  // namespace duel
