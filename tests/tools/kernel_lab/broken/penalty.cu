// Gradient penalties, and the tangents that go with them: a thread per value or per sample.
#include "kernels/device/random.cuh"
#include "kernels/device/vector_math.cuh"
#include "kernels/ops/gradient_penalty/gradient_penalty.h"
#include "kernels/ops/linear_tangent/linear_tangent.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 64;

enum class Defect {
  none,
  // tangent
  derivative_forgotten,
  derivative_of_the_product,
  directions_from_the_first_column,
  // points
  one_share_for_all,
  images_exchanged,
  draw_forgotten,
  // terms
  square_for_norm,
  divided_by_zero,
  factor_of_another_sample,
  gradient_from_the_first_column,
  classes_left,
  all_classes_cleared,
};

template <class Matrix>
__device__ auto& value_at(const Matrix& matrix, int row, int column) {
  return matrix.data[static_cast<std::size_t>(row) * matrix.columns + column];
}

template <Defect kDefect>
__global__ void tangent_kernel(LinearTangent<float> a) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, batch = a.batch();
  if (i >= a.weight.rows * batch) return;
  const int row = i / batch, c = a.first_column + i % batch;
  const int from = kDefect == Defect::directions_from_the_first_column ? i % batch : c;
  float sum = 0.f;
  for (int k = 0; k < a.input.rows; ++k) sum += value_at(a.weight, row, k) * value_at(a.input, k, from);
  float& y = value_at(a.output, row, c);
  const float at = kDefect == Defect::derivative_of_the_product ? sum : y;
  with_activation(a.activation, a.slope, [&](auto f) {
    using Row = RegisterRow<1>;
    y = kDefect == Defect::derivative_forgotten ? sum : f.gradient(Row::filled(at), Row::filled(sum)).get(0);
  });
}

template <Defect kDefect>
__global__ void points_kernel(PenaltyPoints<float> a) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= a.images.rows * a.count) return;
  const int pixel = i / a.count, c = i % a.count, place = kDefect == Defect::one_share_for_all ? 0 : c;
  const std::uint32_t draw = kDefect == Defect::draw_forgotten ? kPenaltyDraw : kPenaltyDraw + a.draw;
  const RandomWords words = draw_words(a.seed, a.clock.data[0].iteration, draw, 0, place / 4);
  const float share = uniform_open(words.word[place % 4]);
  const float real = value_at(a.images, pixel, c), generated = value_at(a.images, pixel, a.count + c);
  with_penalty(a.kind, [&](auto penalty) {
    value_at(a.images, pixel, 2 * a.count + c) = kDefect == Defect::images_exchanged
                                                     ? penalty.point(generated, real, share)
                                                     : penalty.point(real, generated, share);
  });
}

template <Defect kDefect>
__global__ void terms_kernel(PenaltyTerms<float> a) {
  const int c = blockIdx.x * blockDim.x + threadIdx.x, count = a.terms.rows;
  if (c >= count) return;
  const int first = kDefect == Defect::gradient_from_the_first_column ? 0 : a.first_column;
  float square = 0.f;
  for (int pixel = 0; pixel < a.gradient.rows; ++pixel) {
    const float g = value_at(a.gradient, pixel, first + c);
    square += g * g;
  }
  const float argument = kDefect == Defect::square_for_norm ? square * square : square;
  const int from = kDefect == Defect::all_classes_cleared ? 0 : a.other_rows.columns - count;
  for (int row = 0; row < a.other_rows.rows && kDefect != Defect::classes_left; ++row) {
    value_at(a.other_rows, row, from + c) = 0.f;
  }
  with_penalty(a.kind, [&](auto penalty) {
    const PenaltyTerm<float> term = penalty.of(argument);
    const bool divides = kDefect == Defect::divided_by_zero && a.kind == penalty_kind<UnitNormPenalty>();
    const float norm = sqrtf(square), factor = divides ? 2.f * (norm - 1.f) / norm : term.factor;
    a.terms.data[c] = a.weight * term.value;
    a.factors.data[kDefect == Defect::factor_of_another_sample ? (c + 1) % count : c] = a.weight * factor;
  });
}

LaunchShape threads_for(int count) {
  return {blocks_for(static_cast<std::size_t>(count), kThreads), kThreads};
}

template <Defect kDefect>
BrokenKernel tangent(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken<LinearTangent<float>>(
      linear_tangent_op(), name, what, catcher, [](const LinearTangent<float>& a, StreamView stream) {
        launch(stream, threads_for(a.weight.rows * a.batch()), tangent_kernel<kDefect>, a);
      });
}
template <Defect kDefect>
BrokenKernel points(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken<PenaltyPoints<float>>(penalty_points_op(), name, what, catcher,
                                      [](const PenaltyPoints<float>& a, StreamView stream) {
                                        launch(stream, threads_for(a.images.rows * a.count), points_kernel<kDefect>, a);
                                      });
}
template <Defect kDefect>
BrokenKernel terms(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken<PenaltyTerms<float>>(penalty_terms_op(), name, what, catcher,
                                     [](const PenaltyTerms<float>& a, StreamView stream) {
                                       launch(stream, threads_for(a.terms.rows), terms_kernel<kDefect>, a);
                                     });
}

}  // namespace

std::vector<BrokenKernel> broken_penalty_kernels() {
  using D = Defect;
  return {
      tangent<D::none>("value_per_thread", "", Catcher::nobody),
      tangent<D::derivative_forgotten>("derivative_forgotten", "the activation is left out"),
      tangent<D::derivative_of_the_product>("derivative_of_the_product", "slope by the direction, not by the sample"),
      tangent<D::directions_from_the_first_column>("directions_from_the_first_column", "takes others' columns"),
      points<D::none>("value_per_thread", "", Catcher::nobody),
      points<D::one_share_for_all>("one_share_for_all", "all samples have the first one's share"),
      points<D::images_exchanged>("images_exchanged", "takes real for generated"),
      points<D::draw_forgotten>("draw_forgotten", "all draws of an iteration are the same"),
      terms<D::none>("sample_per_thread", "", Catcher::nobody),
      terms<D::square_for_norm>("square_for_norm", "forgets the root"),
      terms<D::divided_by_zero>("divided_by_zero", "0 / 0 where there is no gradient"),
      terms<D::factor_of_another_sample>("factor_of_another_sample", "writes a neighbour's factor"),
      terms<D::gradient_from_the_first_column>("gradient_from_the_first_column", "takes others' columns"),
      terms<D::classes_left>("classes_left", "a point's class stays where its gradient belongs"),
      terms<D::all_classes_cleared>("all_classes_cleared", "clears real images' classes"),
  };
}

}  // namespace duel::test
