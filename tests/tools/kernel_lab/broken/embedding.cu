// Label embeddings and their gradient: a thread per value, and one block for each row's gradient.
#include "kernels/ops/label_embedding/label_embedding.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 64;
constexpr int kMostValues = 4096;  // of a row's classes

enum class Defect {
  none,
  // forward
  turned_over,
  others_left,
  taps_side_by_side,
  last_value_lost,
  // gradient
  embedding_turned_over,
  weight_of_before,
  first_tap_only,
  in_place,
};

template <Defect kDefect>
__global__ void embed_kernel(LabelEmbedding<float> a) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, classes = a.embedding.rows;
  if (i >= a.weight.rows * a.weight.columns) return;
  const int row = i / a.weight.columns, column = i % a.weight.columns - a.first();
  if (column < 0) {
    if (kDefect != Defect::others_left) a.embedded.data[i] = a.weight.data[i];
    return;
  }
  const bool side_by_side = kDefect == Defect::taps_side_by_side;  // as if an input's taps were not neighbours
  const int c = side_by_side ? column % classes : column / a.taps,
            tap = side_by_side ? column / classes : column % a.taps;
  const float* const from = a.weight.data + row * a.weight.columns + a.first();
  float sum = 0.f;
  for (int k = 0; k < classes - (kDefect == Defect::last_value_lost && classes > 1 ? 1 : 0); ++k) {
    const int e = kDefect == Defect::turned_over ? k * classes + c : c * classes + k;
    sum += a.embedding.data[e] * from[side_by_side ? tap * classes + k : k * a.taps + tap];
  }
  a.embedded.data[i] = sum;
}

template <Defect kDefect>
__global__ void embedding_kernel(LabelEmbeddingGradient<float> a) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, classes = a.embedding.rows;
  if (i >= classes * classes) return;
  const bool turned_over = kDefect == Defect::embedding_turned_over;
  const int c = turned_over ? i % classes : i / classes, k = turned_over ? i / classes : i % classes;
  float sum = 0.f;
  for (int row = 0; row < a.weight.rows; ++row) {
    const std::size_t begin = static_cast<std::size_t>(row) * a.weight.columns + a.first();
    for (int tap = 0; tap < (kDefect == Defect::first_tap_only ? 1 : a.taps); ++tap) {
      sum += a.weight_gradient.data[begin + c * a.taps + tap] * a.weight.data[begin + k * a.taps + tap];
    }
  }
  a.embedding_gradient.data[i] = sum;
}

// A block per row.
template <Defect kDefect>
__global__ void weight_kernel(LabelEmbeddingGradient<float> a) {
  __shared__ float before[kMostValues];
  const int classes = a.embedding.rows, values = classes * a.taps;
  float* const gradient = a.weight_gradient.data + static_cast<std::size_t>(blockIdx.x) * a.weight.columns + a.first();
  for (int i = threadIdx.x; i < values; i += kThreads) before[i] = gradient[i];
  __syncthreads();
  if (kDefect == Defect::weight_of_before) return;
  const float* const from = kDefect == Defect::in_place ? gradient : before;  // which others are writing
  for (int i = threadIdx.x; i < values; i += kThreads) {
    float sum = 0.f;
    for (int c = 0; c < classes; ++c) sum += from[c * a.taps + i % a.taps] * a.embedding.data[c * classes + i / a.taps];
    gradient[i] = sum;
  }
}

template <Defect kDefect>
BrokenKernel forward(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken<LabelEmbedding<float>>(
      label_embedding_op(), name, what, catcher, [](const LabelEmbedding<float>& a, StreamView stream) {
        launch(stream, {blocks_for(a.weight.size(), kThreads), kThreads}, embed_kernel<kDefect>, a);
      });
}

template <Defect kDefect>
BrokenKernel gradient(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken<LabelEmbeddingGradient<float>>(
      label_embedding_gradient_op(), name, what, catcher,
      [](const LabelEmbeddingGradient<float>& a, StreamView stream) {
        launch(stream, {blocks_for(a.embedding.size(), kThreads), kThreads}, embedding_kernel<kDefect>, a);
        launch(stream, {static_cast<unsigned>(a.weight.rows), kThreads}, weight_kernel<kDefect>, a);
      });
}

}  // namespace

std::vector<BrokenKernel> broken_embedding_kernels() {
  using D = Defect;
  return {
      forward<D::none>("value_per_thread", "", Catcher::nobody),
      forward<D::turned_over>("turned_over", "a class's vector is read down E's column"),
      forward<D::others_left>("others_left", "columns that are of no class are not copied"),
      forward<D::taps_side_by_side>("taps_side_by_side", "as if all first taps came first"),
      forward<D::last_value_lost>("last_value_lost", "vectors without their last value"),
      gradient<D::none>("block_per_row", "", Catcher::nobody),
      gradient<D::embedding_turned_over>("embedding_turned_over", "dL/dE turned over"),
      gradient<D::weight_of_before>("weight_of_before", "dL/d embedded stays in dL/dW's place"),
      gradient<D::first_tap_only>("first_tap_only", "dL/dE of the first tap alone"),
      gradient<D::in_place>("in_place", "reads what other threads have written already"),
  };
}

}  // namespace duel::test
