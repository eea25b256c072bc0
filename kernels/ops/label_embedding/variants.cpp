#include <array>

#include "kernels/ops/label_embedding/launchers.h"

namespace duel {
namespace {

// What both directions are given; `classes` and the columns of classes as 64-bit numbers, which they may not fit.
template <class Arguments>
void require_weight(const char* op, const Arguments& a) {
  const int classes = a.embedding.rows;
  require(classes > 0 && a.weight.rows > 0, op, "at least one class and row");
  require(a.taps > 0, op, "taps > 0, not " + std::to_string(a.taps));
  require_shape(op, "embedding", a.embedding, classes, classes);
  require_shape(op, "weight", a.weight, a.weight.rows, a.weight.columns);
  const std::int64_t columns = std::int64_t{classes} * a.taps;
  require(a.weight.columns >= columns, op,
          "weight with " + std::to_string(columns) + " columns or more, not " + shape_text(a.weight));
}

void validate_embedding(const LabelEmbedding<float>& a) {
  constexpr auto op = "label_embedding";
  require_weight(op, a);
  require_shape(op, "embedded", a.embedded, a.weight.rows, a.weight.columns);
}

std::int64_t class_values(const auto& a) {
  return label_embedding_workspace(a.weight.rows, a.embedding.rows, a.taps);
}

void validate_gradient(const LabelEmbeddingGradient<float>& a) {
  constexpr auto op = "label_embedding_gradient";
  require_weight(op, a);
  require_shape(op, "weight_gradient", a.weight_gradient, a.weight.rows, a.weight.columns);
  require_shape(op, "embedding_gradient", a.embedding_gradient, a.embedding.rows, a.embedding.rows);
  const std::int64_t values = class_values(a);
  require(a.workspace && a.workspace.rows >= values, op,
          "a workspace of " + std::to_string(values) + " values or more, not " + shape_text(a.workspace));
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<LabelEmbedding<float>>{"one_thread_per_rows", "one thread copies rows by vectors; wins on the CPU device",
                                   supports_cpu_device, label_embedding_one_thread},
#endif
    Variant<LabelEmbedding<float>>{"warp_per_row", "a warp per row: copies are coalesced", supports_any_device,
                                   label_embedding_warps},
};
constexpr std::array kGradientVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<LabelEmbeddingGradient<float>>{"one_thread_per_class",
                                           "one thread takes a class, then rows, by vectors; wins on the CPU device",
                                           supports_cpu_device, label_embedding_gradient_one_thread},
#endif
    Variant<LabelEmbeddingGradient<float>>{"block_per_class", "a block per class, then a lane per row",
                                           supports_any_device, label_embedding_gradient_warps},
};

Flops flops(const LabelEmbedding<float>& a) {
  return {.products = 2.0 * class_values(a) * a.embedding.rows};
}
Flops flops_of_gradient(const LabelEmbeddingGradient<float>& a) {
  return {.products = 4.0 * class_values(a) * a.embedding.rows};
}

// Columns that are of no class; the workspace stays in caches.
Bytes untouched_by_gradient(const LabelEmbeddingGradient<float>& a) {
  const double others = static_cast<double>(a.weight.bytes()) - 1.0 * sizeof(float) * class_values(a);
  const auto workspace = static_cast<double>(a.workspace.bytes());
  return {.read = 2 * others + workspace, .written = others + workspace};
}

}  // namespace

const Op<LabelEmbedding<float>>& label_embedding_op() {
  static constexpr Op<LabelEmbedding<float>> op{"label_embedding", kVariants, flops, validate_embedding};
  return op;
}

const Op<LabelEmbeddingGradient<float>>& label_embedding_gradient_op() {
  static constexpr Op<LabelEmbeddingGradient<float>> op{"label_embedding_gradient", kGradientVariants,
                                                        flops_of_gradient, validate_gradient, untouched_by_gradient};
  return op;
}

}  // namespace duel
