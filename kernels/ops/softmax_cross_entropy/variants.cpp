#include <array>

#include "kernels/ops/softmax_cross_entropy/launchers.h"

namespace duel {
namespace {

void validate(const SoftmaxCrossEntropy<float>& a) {
  constexpr auto op = "softmax_cross_entropy";
  const int classes = a.logits.rows, samples = a.logits.columns;
  require(samples > 0 && classes > 0 && classes <= 256, op,
          "at least one sample, and 1 to 256 classes, which labels can name, not " + std::to_string(samples) +
              " samples of " + std::to_string(classes));
  require_shape(op, "logits", a.logits, classes, samples);
  require_shape_if_present(op, "labels", a.labels, samples);
  require_shape(op, "probabilities", a.probabilities, classes, samples);
  require_shape_if_present(op, "d_logits", a.d_logits, classes, samples);
  require_shape_if_present(op, "statistics", a.statistics, kClassificationStatistics);
  require(static_cast<bool>(a.labels) == static_cast<bool>(a.statistics), op, "labels and statistics, or neither");
  require(a.labels || !a.d_logits, op, "labels where d_logits are wanted");
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<SoftmaxCrossEntropy<float>>{
        "one_thread_per_batch", "one thread owns 64 samples, with labels the whole batch; wins on the CPU device",
        supports_cpu_device, softmax_cross_entropy_one_thread},
#endif
    Variant<SoftmaxCrossEntropy<float>>{"one_lane_per_column",
                                        "a lane per sample: classes are read coalesced; statistics within one block",
                                        supports_any_device, softmax_cross_entropy_lanes},
};

}  // namespace

const Op<SoftmaxCrossEntropy<float>>& softmax_cross_entropy_op() {
  // A comparison, an exponential (about 10), a sum, a quotient and the gradient for each class.
  static constexpr Op<SoftmaxCrossEntropy<float>> op{
      "softmax_cross_entropy", kVariants,
      [](const SoftmaxCrossEntropy<float>& a) { return Flops{.others = 15.0 * a.logits.rows * a.logits.columns}; },
      validate};
  return op;
}

}  // namespace duel
