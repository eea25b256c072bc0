// What tells networks the classes of a batch: a thread per value.
#include "kernels/ops/class_rows/class_rows.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 64;

enum class Defect {
  none,
  generated_as_real,
  points_as_generated,
  zeros_left,
  classes_by_columns,
  planes_interleaved,
  first_pixel_only,
  generator_gets_real
};

template <Defect kDefect>
__device__ int label_of(const ClassRows<float>& a, int column) {
  const int real = a.real_labels.rows, generated = a.generated_labels.rows;
  if (kDefect == Defect::generated_as_real && column >= real && real > 0) return a.real_labels.data[column % real];
  if (kDefect == Defect::points_as_generated && column >= real + generated && generated > 0) {
    return a.generated_labels.data[(column - real - generated) % generated];
  }
  return a.label(column);
}

template <Defect kDefect>
__global__ void rows_kernel(ClassRows<float> a) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  const auto put = [&](const Matrix<float>& rows, int pixels, auto label) {
    if (i >= rows.rows * rows.columns) return;
    const int row = i / rows.columns, c = i % rows.columns;
    const int to = kDefect == Defect::classes_by_columns ? c * rows.rows + row : i;
    const int of_class = kDefect == Defect::planes_interleaved                     ? row % (rows.rows / pixels)
                         : kDefect == Defect::first_pixel_only && row % pixels > 0 ? -1
                                                                                   : row / pixels;
    if (kDefect == Defect::zeros_left && label(c) != of_class) return;
    rows.data[to] = label(c) == of_class ? 1.f : 0.f;
  };
  if (a.discriminator) put(a.discriminator, a.pixels, [&](int c) { return label_of<kDefect>(a, c); });
  if (a.generator) {
    const bool wrong = kDefect == Defect::generator_gets_real && a.real_labels.rows > 0;
    put(a.generator, 1, [&](int c) {
      return static_cast<int>(wrong ? a.real_labels.data[c % a.real_labels.rows] : a.generated_labels.data[c]);
    });
  }
}

template <Defect kDefect>
BrokenKernel rows(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken<ClassRows<float>>(
      class_rows_op(), name, what, catcher, [](const ClassRows<float>& a, StreamView stream) {
        const std::size_t of_d = a.discriminator.size(), of_g = a.generator.size();
        launch(stream, {blocks_for(of_d > of_g ? of_d : of_g, kThreads), kThreads}, rows_kernel<kDefect>, a);
      });
}

}  // namespace

std::vector<BrokenKernel> broken_class_kernels() {
  using D = Defect;
  return {
      rows<D::none>("value_per_thread", "", Catcher::nobody),
      rows<D::generated_as_real>("generated_as_real", "D is told of generated images what the real ones are"),
      rows<D::points_as_generated>("points_as_generated", "points have the classes of generated images"),
      rows<D::zeros_left>("zeros_left", "a class of the batch before stays"),
      rows<D::classes_by_columns>("classes_by_columns", "writes a sample per row"),
      rows<D::planes_interleaved>("planes_interleaved", "neighbouring pixels are of different classes"),
      rows<D::first_pixel_only>("first_pixel_only", "a plane of zeros but for one pixel"),
      rows<D::generator_gets_real>("generator_gets_real", "G is told the classes of the real images"),
  };
}

}  // namespace duel::test
