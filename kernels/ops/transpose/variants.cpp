#include <array>

#include "kernels/ops/transpose/launchers.h"

namespace duel {
namespace {

using Arguments = Transpose<float>;

void validate(const Arguments& a) {
  constexpr auto op = "transpose";
  const int rows = a.input.rows, columns = a.input.columns, count = a.output.rows;
  require(rows > 0 && columns > 0 && count > 0, op, "at least one row and column");
  require_shape(op, "input", a.input, rows, columns);
  require_shape(op, "output", a.output, count, rows);
  require(a.first_column >= 0 && count <= columns - a.first_column, op,
          "output of at most " + std::to_string(columns) + " columns from first_column " +
              std::to_string(a.first_column) + " on, not " + std::to_string(count));
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Arguments>{"one_thread_per_tile",
                       "one thread turns small squares over in its cache; wins on the CPU device", supports_cpu_device,
                       transpose_one_thread},
#endif
    Variant<Arguments>{"shared_memory_tiles", "a block turns a tile over in shared memory: rows are read and written",
                       supports_any_device, transpose_shared_tiles},
};

Bytes untouched(const Arguments& a) {
  return {.read = static_cast<double>(a.input.bytes()) - static_cast<double>(a.output.bytes())};
}

}  // namespace

const Op<Arguments>& transpose_op() {
  static constexpr Op<Arguments> op{"transpose", kVariants, [](const Arguments&) { return Flops{}; }, validate,
                                    untouched};
  return op;
}

}  // namespace duel
