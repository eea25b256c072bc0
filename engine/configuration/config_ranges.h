// Which whole numbers a training configuration may have.
#pragma once

#include <cstdint>
#include <string>

#include "kernels/ops/maxout/maxout.h"

namespace duel {

/// Both ends included.
struct WholeRange {
  std::int64_t low = 0, high = 0;

  bool contains(std::int64_t value) const { return value >= low && value <= high; }
  std::string text() const { return "a whole number from " + std::to_string(low) + " to " + std::to_string(high); }
};

inline constexpr WholeRange kLatentDims{1, 65'536};
inline constexpr WholeRange kImageSizes{1, 1024};
inline constexpr WholeRange kChannels{1, 3};   ///< but for 2
inline constexpr WholeRange kClasses{0, 256};  ///< that a label, a byte, can tell apart
inline constexpr WholeRange kLayerWidths{1, 65'536};
inline constexpr WholeRange kBatchSizes{2, 65'536};  ///< batch norm has no variance of a single image
inline constexpr WholeRange kMaxoutPieces{1, kMostPieces};
inline constexpr WholeRange kDiscriminatorSteps{1, 100};

}  // namespace duel
