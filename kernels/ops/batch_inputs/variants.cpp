#include <array>

#include "kernels/ops/batch_inputs/launchers.h"

namespace duel {
namespace {

using Arguments = BatchInputs<float>;

void validate(const Arguments& a) {
  constexpr auto op = "batch_inputs";
  require_shape(op, "clock", a.clock, 1);
  require(a.latents || a.real_count > 0, op, "latents or images");
  require(a.limit >= 0, op, "limit >= 0, not " + std::to_string(a.limit));
  if (a.latents) require(a.latents.rows > 0 && a.latents.columns > 0, op, "at least one latent value");
  if (a.drawn_labels) {
    require(a.classes > 0 && a.classes <= 256, op, "classes from 1 to 256, not " + std::to_string(a.classes));
    require(static_cast<bool>(a.latents), op, "latents beside drawn_labels");
    require_shape(op, "drawn_labels", a.drawn_labels, a.latents.columns);
  }
  require(a.real_count >= 0, op, "real_count >= 0, not " + std::to_string(a.real_count));
  if (a.real_count == 0) return;
  const int count = a.images.rows, pixels = a.images.columns;
  require(a.images && count > 0 && pixels > 0, op, "at least one image with a pixel");
  require(a.output.columns >= a.real_count, op,
          "an output of at least " + std::to_string(a.real_count) + " columns, not " + shape_text(a.output));
  require_shape(op, "output", a.output, pixels, a.output.columns);
  require_shape_if_present(op, "labels", a.labels, count);
  require_shape_if_present(op, "output_labels", a.output_labels, a.real_count);
  require(static_cast<bool>(a.labels) == static_cast<bool>(a.output_labels), op,
          "labels and output_labels, or neither");
  require(a.offset >= 0 && a.real_count <= count - a.offset, op,
          "images after offset " + std::to_string(a.offset) + " of at most " + std::to_string(count) + ", not " +
              std::to_string(a.real_count));
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Arguments>{"one_thread_per_columns", "one thread fills 32 columns; wins on the CPU device",
                       supports_cpu_device, batch_inputs_one_thread},
#endif
    Variant<Arguments>{"one_lane_per_column", "a lane per sample: rows are written coalesced", supports_any_device,
                       batch_inputs_warps},
};

// As latent_normal for each latent and label, and three for each pixel.
Flops flops(const Arguments& a) {
  return {.others = 30.0 * (a.latents.size() + a.drawn_labels.size()) + 3.0 * a.real_count * a.images.columns};
}

// The dataset but for the batch; what is in the output's other columns.
Bytes untouched(const Arguments& a) {
  const double others = a.images.rows - a.real_count;
  return {.read = others * a.images.columns + (a.labels ? others : 0) + static_cast<double>(a.output.bytes()),
          .written = static_cast<double>(sizeof(float)) * a.output.rows * (a.output.columns - a.real_count)};
}

}  // namespace

const Op<Arguments>& batch_inputs_op() {
  static constexpr Op<Arguments> op{"batch_inputs", kVariants, flops, validate, untouched};
  return op;
}

}  // namespace duel
