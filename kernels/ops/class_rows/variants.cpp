#include <array>

#include "kernels/ops/class_rows/launchers.h"

namespace duel {
namespace {

using Arguments = ClassRows<float>;

void validate(const Arguments& a) {
  constexpr auto op = "class_rows";
  const int real = a.real_labels.rows, generated = a.generated_labels.rows;
  require_shape_if_present(op, "real_labels", a.real_labels, real);
  require_shape_if_present(op, "generated_labels", a.generated_labels, generated);
  require(a.discriminator || a.generator, op, "rows of the discriminator or of the generator");
  if (a.discriminator) {
    const int columns = a.discriminator.columns, most = 2 * real + generated;
    require(a.discriminator.rows > 0, op, "at least one class");
    require(
        a.pixels > 0 && a.discriminator.rows % a.pixels == 0, op,
        "discriminator with " + std::to_string(a.pixels) + " rows for each class, not " + shape_text(a.discriminator));
    require(columns > 0 && columns <= most, op,
            "1 to " + std::to_string(most) + " columns of discriminator, not " + std::to_string(columns));
  }
  if (a.generator) {
    require(a.generator.rows > 0 && generated > 0, op, "at least one class and generated image");
    require_shape(op, "generator", a.generator, a.generator.rows, generated);
  }
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Arguments>{"one_thread_per_columns", "one thread fills 32 columns; wins on the CPU device",
                       supports_cpu_device, class_rows_one_thread},
#endif
    Variant<Arguments>{"one_lane_per_column", "a lane per sample: rows are written coalesced", supports_any_device,
                       class_rows_lanes},
};

Flops flops(const Arguments& a) {
  return {.others = 1.0 * (a.discriminator.size() + a.generator.size())};
}

}  // namespace

const Op<Arguments>& class_rows_op() {
  static constexpr Op<Arguments> op{"class_rows", kVariants, flops, validate};
  return op;
}

}  // namespace duel
