#include <array>

#include "kernels/convolution/rows.h"
#include "kernels/ops/convolution/launchers.h"

namespace duel {
namespace {

using Arguments = Convolution<float>;

void validate(const Arguments& a) {
  constexpr auto op = "convolution";
  require_geometry(op, a.geometry);
  const int from = a.geometry.layer_input().rows(), batch = a.batch();
  const ImageShape to = a.geometry.layer_output();
  require(batch > 0, op, "at least one sample");
  require(a.first_column >= 0, op, "first_column >= 0, not " + std::to_string(a.first_column));
  require_shape(op, "input", a.input, from, batch);
  require_shape(op, "weight", a.weight, a.geometry.weight_rows(), a.geometry.weight_columns());
  require_shape_if_present(op, "bias", a.bias, to.channels);
  require_columns(op, "output", a.output, to.rows(), a.first_column + batch);
  if (a.activation == Activation::leaky_relu) require(a.slope >= 0, op, "slope >= 0, not " + std::to_string(a.slope));
  require_workspace(op, a.workspace, convolution_workspace(a.geometry));
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Arguments>{"one_thread_per_tile",
                       "one thread multiplies a pixel's filters by the rows that they meet; wins on the CPU device",
                       supports_cpu_device, convolution_one_thread},
#endif
    Variant<Arguments>{"shared_memory_tiles", "a block per pixel and tile of its channels and samples",
                       supports_any_device, convolution_tiles},
    Variant<Arguments>{"direct", "a thread per value, sums in a loop; to read and to compare with", supports_any_device,
                       convolution_direct},
};

// All of output is updated as far as visit() knows, but a part of its columns is written.
Bytes untouched(const Arguments& a) {
  return {.read = static_cast<double>(a.output.bytes() + a.workspace.bytes()),
          .written = static_cast<double>(sizeof(float)) * a.output.rows * (a.output.columns - a.batch()) +
                     static_cast<double>(a.workspace.bytes())};
}

}  // namespace

const Op<Arguments>& convolution_op() {
  static constexpr Op<Arguments> op{
      "convolution", kVariants,
      [](const Arguments& a) { return passage_flops(forward_passage(a.geometry), a.batch()); }, validate, untouched};
  return op;
}

}  // namespace duel
