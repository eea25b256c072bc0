// What an update begins with, one sample per column: latents z, the very numbers of latent_normal or latent_uniform,
// and the next training images, with their labels if wanted. Images come in an order that is new in every epoch, a
// permutation computed from (seed, epoch), not stored (kernels/device/permutation.cuh). Their bytes become floats as by
// transforms.ToTensor of torchvision, and Normalize(0.5, 0.5) for [-1, 1].
#pragma once

#include <cstdint>

#include "kernels/image_range.h"
#include "kernels/op.h"
#include "kernels/training_clock.h"

namespace duel {

enum class ImageOrder { shuffled, as_stored };

/// The label of sample c is floor(w classes / 2^32) for word w, c % 4 of row 0 and columns 4 * (c / 4) and after, of
/// draw kLabelDraw + draw. Philox4x32-10.
inline constexpr std::uint32_t kLabelDraw = 0x4c41424c;

template <class T>
struct BatchInputs {
  std::uint64_t seed;
  Vector<const TrainingClock> clock;  ///< [1], read
  std::uint32_t draw = 0;             ///< distinguishes the draws of one iteration
  Matrix<T> latents;                  ///< z [latent, batch], written; absent: none
  T limit = 0;                        ///< 0: z ~ N(0, 1); above 0: z ~ U(-limit, limit)
  Vector<std::uint8_t> drawn_labels;  ///< of generated images [batch], uniform, written; absent: none
  int classes = 0;                    ///< of drawn_labels, which are below it
  Matrix<const std::uint8_t> images;  ///< [count, pixels], read; absent: no images
  ImageOrder order = ImageOrder::shuffled;
  int offset = 0;                                   ///< of this batch after the clock's first_image, images
  int real_count = 0;                               ///< images that are taken
  Matrix<T> output;                                 ///< columns 0 ... real_count - 1 of [pixels, columns], written
  Vector<const std::uint8_t> labels;                ///< [count], read; absent (with output_labels): images alone
  Vector<std::uint8_t> output_labels;               ///< [real_count], written: of the same images
  ImageRange range = ImageRange::minus_one_to_one;  ///< (u8 / 255 - 0.5) / 0.5, or u8 / 255
};

const Op<BatchInputs<float>>& batch_inputs_op();

/// The same in double precision, on host memory.
void batch_inputs_reference(const BatchInputs<double>& arguments);

template <class T, class Visitor>
void visit(BatchInputs<T>& a, Visitor&& visitor) {
  visitor.reads("clock", a.clock);
  visitor.writes("latents", a.latents);
  visitor.writes("drawn_labels", a.drawn_labels);
  visitor.reads("images", a.images);
  visitor.updates("output", a.output);
  visitor.reads("labels", a.labels);
  visitor.writes("output_labels", a.output_labels);
}

}  // namespace duel
