#include <array>

#include "kernels/softmax_cross_entropy/launchers.h"

namespace duel {
namespace {

void validate(const SoftmaxCrossEntropy<float>& a) {
  constexpr auto op = "softmax_cross_entropy";
  const int rows = a.logits.rows, classes = a.logits.columns;
  require(rows > 0 && classes > 0 && classes <= 256, op,
          "at least one row, and 1 to 256 classes, which labels can name, not " + std::to_string(rows) + " rows of " +
              std::to_string(classes));
  require_shape(op, "logits", a.logits, rows, classes);
  require_shape_if_present(op, "labels", a.labels, rows);
  require_shape(op, "probabilities", a.probabilities, rows, classes);
  require_shape_if_present(op, "d_logits", a.d_logits, rows, classes);
  require_shape_if_present(op, "statistics", a.statistics, kClassificationStatistics);
  require(static_cast<bool>(a.labels) == static_cast<bool>(a.statistics), op, "labels and statistics, or neither");
  require(a.labels || !a.d_logits, op, "labels where d_logits are wanted");
}

bool has_short_rows(const SoftmaxCrossEntropy<float>& a, const Device&) {
  return a.logits.columns <= 32;
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<SoftmaxCrossEntropy<float>>{"one_thread_per_batch",
                                        "one thread owns 64 rows, with labels the whole batch; wins on the CPU device",
                                        supports_cpu_device, softmax_cross_entropy_one_thread},
#endif
    Variant<SoftmaxCrossEntropy<float>>{"one_thread_per_row",
                                        "a row of at most 32 classes per thread, statistics within one block",
                                        has_short_rows, softmax_cross_entropy_threads},
    Variant<SoftmaxCrossEntropy<float>>{"one_warp_per_row",
                                        "a row per warp, neighbouring lanes on neighbouring classes; wins on long rows",
                                        supports_any_device, softmax_cross_entropy_warps},
};

}  // namespace

const Op<SoftmaxCrossEntropy<float>>& softmax_cross_entropy_op() {
  static constexpr Op<SoftmaxCrossEntropy<float>> op{
      "softmax_cross_entropy",
      kVariants,
      {16.f, "exponentials, their sum, a logarithm, a sum over the batch"},
      validate};
  return op;
}

}  // namespace duel
