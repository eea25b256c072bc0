#include "kernels/levels/level_rows.h"
#include "kernels/libraries/library.h"
#include "kernels/ops/discriminator_head/launchers.h"

namespace duel {
namespace {

using Arguments = DiscriminatorHead<float>;

void validate(const Arguments& a) {
  constexpr auto op = "discriminator_head";
  const int in = a.input.rows, columns = a.columns();
  require(in > 0 && columns > 0, op, "at least one sample and one input");
  require(a.real_columns >= 0 && a.real_columns <= columns, op,
          "real_columns from 0 to " + std::to_string(columns) + ", not " + std::to_string(a.real_columns));
  require_columns(op, "input", a.input, in, columns);
  require_shape(op, "weight", a.weight, in);
  require_shape(op, "bias", a.bias, 1);
  require_shape_if_present(op, "score", a.score, columns);
  require_shape(op, "judgement", a.judgement, columns);
  require_shape_if_present(op, "discriminator_terms", a.discriminator_terms, columns);
  require_shape_if_present(op, "d_discriminator", a.d_discriminator, columns);
  require_shape_if_present(op, "generator_terms", a.generator_terms, columns - a.real_columns);
  require_shape_if_present(op, "d_generator", a.d_generator, columns - a.real_columns);
  require(static_cast<bool>(a.discriminator_terms) == static_cast<bool>(a.d_discriminator), op,
          "discriminator_terms and d_discriminator, or neither");
  require(static_cast<bool>(a.generator_terms) == static_cast<bool>(a.d_generator), op,
          "generator_terms and d_generator, or neither");
}

constexpr auto kVariants = level_rows<Arguments>(
#ifdef DUEL_PRODUCT_LIBRARY
    Variant<Arguments>{DUEL_PRODUCT_LIBRARY,
                       "the library's product, then a kernel of ours for the losses; to compare with",
                       supports_product_library, discriminator_head_library}
#endif
);

}  // namespace

const Op<Arguments>& discriminator_head_op() {
  static constexpr Op<Arguments> op{
      "discriminator_head", kVariants,
      [](const Arguments& a) { return Flops{.products = 2.0 * a.input.rows * a.columns()}; }, validate,
      [](const Arguments& a) {
        return Bytes{.read = static_cast<double>(sizeof(float)) * a.input.rows * (a.input.columns - a.columns())};
      }};
  return op;
}

}  // namespace duel
