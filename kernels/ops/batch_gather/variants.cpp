#include <array>

#include "kernels/ops/batch_gather/launchers.h"

namespace duel {
namespace {

void validate(const BatchGather<float>& a) {
  constexpr auto op = "batch_gather";
  require(a.images.rows > 0 && a.images.columns > 0, op, "at least one image of at least one pixel");
  require_shape(op, "images", a.images, a.images.rows, a.images.columns);
  require_shape(op, "clock", a.clock, 1);
  require_shape(op, "output", a.output, a.output.rows, a.images.columns);
  require_shape_if_present(op, "labels", a.labels, a.images.rows);
  require_shape_if_present(op, "output_labels", a.output_labels, a.output.rows);
  require(static_cast<bool>(a.labels) == static_cast<bool>(a.output_labels), op,
          "labels and output_labels, or neither");
  require(a.output.rows > 0 && a.offset >= 0 && a.output.rows <= a.images.rows - a.offset, op,
          "a batch behind offset " + std::to_string(a.offset) + " of at most " + std::to_string(a.images.rows) +
              " images, not " + std::to_string(a.output.rows));
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<BatchGather<float>>{"one_thread_per_row", "a contiguous run per thread; wins on the CPU device",
                                supports_cpu_device, batch_gather_thread_per_row},
#endif
    Variant<BatchGather<float>>{"one_block_per_row", "a block per image, neighbouring threads on neighbouring bytes",
                                supports_any_device, batch_gather_block_per_row},
};

}  // namespace

const Op<BatchGather<float>>& batch_gather_op() {
  static constexpr Op<BatchGather<float>> op{
      "batch_gather", kVariants, {4.f, "two divisions and a difference"}, validate};
  return op;
}

}  // namespace duel
