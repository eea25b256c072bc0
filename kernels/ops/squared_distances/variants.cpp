#include <array>

#include "kernels/ops/squared_distances/launchers.h"

namespace duel {
namespace {

void validate(const SquaredDistances<float>& a) {
  constexpr auto op = "squared_distances";
  require(a.a.rows > 0 && a.a.columns > 0 && a.b.rows > 0, op, "at least one row of a, row of b, and column");
  require_shape(op, "a", a.a, a.a.rows, a.a.columns);
  require_shape(op, "b", a.b, a.b.rows, a.a.columns);
  require_shape(op, "distances", a.distances, a.a.rows, a.b.rows);
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<SquaredDistances<float>>{"one_thread_per_tile",
                                     "one thread packs and subtracts a tile: no barriers; wins on the CPU device",
                                     supports_cpu_device, squared_distances_one_thread},
#endif
    Variant<SquaredDistances<float>>{
        "shared_memory_tiles", "a block per tile of distances, double-buffered in shared memory, 4 x 4 per thread",
        supports_any_device, squared_distances_tiles},
};

}  // namespace

const Op<SquaredDistances<float>>& squared_distances_op() {
  // A difference, a product and a sum for each.
  static constexpr Op<SquaredDistances<float>> op{
      "squared_distances", kVariants,
      [](const SquaredDistances<float>& a) { return Flops{.others = 3.0 * a.a.rows * a.a.columns * a.b.rows}; },
      validate};
  return op;
}

}  // namespace duel
