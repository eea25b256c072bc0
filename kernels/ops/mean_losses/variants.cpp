#include "kernel_libraries.h"
#include "kernels/levels/level_rows.h"
#include "kernels/ops/mean_losses/launchers.h"

namespace duel {
namespace {

using Arguments = MeanLosses<float>;

void validate(const Arguments& a) {
  constexpr auto op = "mean_losses";
  const int columns = a.judgement.rows;
  require(columns > 0, op, "at least one sample");
  require(a.real_columns >= 0 && a.real_columns <= columns, op,
          "real_columns from 0 to " + std::to_string(columns) + ", not " + std::to_string(a.real_columns));
  require_shape(op, "judgement", a.judgement, columns);
  if (a.discriminator_terms) {
    require(
        a.discriminator_terms.rows >= columns, op,
        "discriminator_terms of at least " + std::to_string(columns) + ", not " + shape_text(a.discriminator_terms));
    require_shape(op, "discriminator_statistics", a.discriminator_statistics, kHeadStatistics);
    require_shape(op, "discriminator", a.discriminator, 1);
  }
  require_shape_if_present(op, "generator_terms", a.generator_terms, columns - a.real_columns);
  if (a.generator_terms) {
    require_shape(op, "generator_statistics", a.generator_statistics, kHeadStatistics);
    require_shape(op, "generator", a.generator, 1);
  }
  require_settings(op, a.optimizer);
  require_shape(op, "clock", a.clock, 1);
}

constexpr auto kVariants = level_rows<Arguments>(
#ifdef DUEL_CUB
    Variant<Arguments>{"cub", "as level_tiles, of 256 threads, with CUB's sums; to compare with", supports_any_device,
                       mean_losses_cub}
#endif
);

}  // namespace

const Op<Arguments>& mean_losses_op() {
  static constexpr Op<Arguments> op{
      "mean_losses", kVariants, [](const Arguments& a) { return Flops{.others = 3.0 * a.judgement.rows}; }, validate};
  return op;
}

}  // namespace duel
