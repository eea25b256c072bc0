// A batch of training images, with their labels if wanted: bytes become floats in [-1, 1] or [0, 1], rows come in an
// order that is new in every epoch. The order is a permutation computed from (seed, epoch), not stored
// (kernels/device/permutation.cuh). Source: transforms.ToTensor of torchvision, and Normalize(0.5, 0.5) for [-1, 1].
#pragma once

#include <cstdint>

#include "kernels/image_range.h"
#include "kernels/op.h"
#include "kernels/training_clock.h"

namespace duel {

enum class ImageOrder { shuffled, as_stored };

template <class T>
struct BatchGather {
  Matrix<const std::uint8_t> images;  ///< [count, pixels], read
  std::uint64_t seed;
  ImageOrder order = ImageOrder::shuffled;
  int offset = 0;                      ///< of this batch behind the clock's first_image, images
  Vector<const TrainingClock> clock;   ///< [1], read
  Matrix<T> output;                    ///< [batch, pixels], written: (u8 / 255 - 0.5) / 0.5, or u8 / 255
  Vector<const std::uint8_t> labels;   ///< [count], read; absent (with output_labels): images alone
  Vector<std::uint8_t> output_labels;  ///< [batch], written: of the same rows
  ImageRange range = ImageRange::minus_one_to_one;
};

const Op<BatchGather<float>>& batch_gather_op();

/// The same in double precision, on host memory.
void batch_gather_reference(const BatchGather<double>& arguments);

template <class T, class Visitor>
void visit(BatchGather<T>& a, Visitor&& visitor) {
  visitor.reads("images", a.images);
  visitor.reads("clock", a.clock);
  visitor.writes("output", a.output);
  visitor.reads("labels", a.labels);
  visitor.writes("output_labels", a.output_labels);
}

}  // namespace duel
