// Spectral normalization and its gradient: one block for each weight.
#include "kernels/device/block_sum.cuh"
#include "kernels/ops/spectral_norm/spectral_norm.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 64;

enum class Defect {
  none,
  // forward
  v_first,
  two_steps,
  old_v_in_sigma,
  sigma_of_the_first,
  last_column_lost,
  vectors_moved,
  barrier_missing,
  // gradient
  constant_sigma,
  u_and_v_swapped,
  inner_of_all,
  not_divided,
};

template <Defect kDefect>
struct Matrices {
  const SpectralNorm<float>& a;
  SpectralWeight weight;

  __device__ float at(int r, int c) const { return a.parameters.data[weight.row(r) + c]; }
  __device__ static void wait() {
    if constexpr (kDefect != Defect::barrier_missing) __syncthreads();
  }

  // values / |values|
  __device__ static void normalize(float* values, int count) {
    float squares = 0.f;
    for (int i = threadIdx.x; i < count; i += kThreads) squares += values[i] * values[i];
    const float inverse = 1.f / fmaxf(sqrtf(block_sum<kThreads>(squares)), kSpectralEps);
    wait();
    for (int i = threadIdx.x; i < count; i += kThreads) values[i] *= inverse;
    wait();
  }
  __device__ void next_u(float* u, const float* v) const {
    const int columns = weight.columns - (kDefect == Defect::last_column_lost && weight.columns > 1 ? 1 : 0);
    for (int r = threadIdx.x; r < weight.rows; r += kThreads) {
      float sum = 0.f;
      for (int c = 0; c < columns; ++c) sum += at(r, c) * v[c];
      u[r] = sum;
    }
    wait();
    normalize(u, weight.rows);
  }
  __device__ void next_v(float* v, const float* u) const {
    for (int c = threadIdx.x; c < weight.columns; c += kThreads) {
      float sum = 0.f;
      for (int r = 0; r < weight.rows; ++r) sum += at(r, c) * u[r];
      v[c] = sum;
    }
    wait();
    normalize(v, weight.columns);
  }
  __device__ float sigma(const float* u, const float* v) const {
    float sum = 0.f;
    for (int r = threadIdx.x; r < weight.rows; r += kThreads) {
      for (int c = 0; c < weight.columns; ++c) sum += u[r] * at(r, c) * v[c];
    }
    return block_sum<kThreads>(sum);
  }
};

template <Defect kDefect>
__global__ void norm_kernel(SpectralNorm<float> a) {
  const int index = static_cast<int>(blockIdx.x);
  const SpectralWeight weight = a.weights.list[index];
  const Matrices<kDefect> w{a, weight};
  float *const u = a.vectors.data + weight.u, *const v = a.vectors.data + weight.v,
               *const old_v = a.workspace.data + weight.v;
  for (int c = threadIdx.x; c < weight.columns; c += kThreads) old_v[c] = v[c];
  __syncthreads();
  if (a.iterates || kDefect == Defect::vectors_moved) {
    if (kDefect == Defect::v_first) w.next_v(v, u);
    w.next_u(u, v);
    if (kDefect != Defect::v_first) w.next_v(v, u);
    if (kDefect == Defect::two_steps) w.next_u(u, v), w.next_v(v, u);
  }
  float sigma = w.sigma(u, kDefect == Defect::old_v_in_sigma ? old_v : v);
  if (threadIdx.x == 0) a.sigma.data[index] = sigma;
  if (kDefect == Defect::sigma_of_the_first && index > 0) {
    const Matrices<kDefect> first{a, a.weights.list[0]};
    sigma = first.sigma(a.vectors.data + first.weight.u, a.vectors.data + first.weight.v);
  }
  for (std::size_t k = weight.row(0) + threadIdx.x; k < weight.row(weight.rows); k += kThreads) {
    a.normalized.data[k] = a.parameters.data[k] / sigma;
  }
}

template <Defect kDefect>
__global__ void gradient_kernel(SpectralNormGradient<float> a) {
  const SpectralWeight weight = a.weights.list[blockIdx.x];
  const std::size_t begin = weight.row(0), size = weight.row(weight.rows) - begin;
  const bool of_all = kDefect == Defect::inner_of_all;  // values of biases, too
  float sum = 0.f;
  const std::size_t more = of_all && begin + size < static_cast<std::size_t>(a.gradient.rows) ? 1 : 0;
  for (std::size_t k = threadIdx.x; k < size + more; k += kThreads) {
    sum += a.gradient.data[begin + k] * a.normalized.data[begin + k];
  }
  const float inner = kDefect == Defect::constant_sigma ? 0.f : block_sum<kThreads>(sum);
  const float divisor = kDefect == Defect::not_divided ? 1.f : a.sigma.data[blockIdx.x];
  __syncthreads();
  const float *const u = a.vectors.data + weight.u, *const v = a.vectors.data + weight.v;
  for (std::size_t k = threadIdx.x; k < size; k += kThreads) {
    const int r = static_cast<int>(k / weight.columns), c = static_cast<int>(k % weight.columns);
    const bool swapped = kDefect == Defect::u_and_v_swapped;
    const float uv = swapped ? u[c % weight.rows] * v[r % weight.columns] : u[r] * v[c];
    a.gradient.data[begin + k] = (a.gradient.data[begin + k] - inner * uv) / divisor;
  }
}

template <Defect kDefect>
BrokenKernel norm(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken<SpectralNorm<float>>(
      spectral_norm_op(), name, what, catcher, [](const SpectralNorm<float>& a, StreamView stream) {
        launch(stream, {static_cast<unsigned>(a.weights.count), kThreads}, norm_kernel<kDefect>, a);
      });
}

template <Defect kDefect>
BrokenKernel gradient(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken<SpectralNormGradient<float>>(
      spectral_norm_gradient_op(), name, what, catcher, [](const SpectralNormGradient<float>& a, StreamView stream) {
        launch(stream, {static_cast<unsigned>(a.weights.count), kThreads}, gradient_kernel<kDefect>, a);
      });
}

}  // namespace

std::vector<BrokenKernel> broken_spectral_kernels() {
  using D = Defect;
  return {
      norm<D::none>("block_per_weight", "", Catcher::nobody),
      norm<D::v_first>("v_first", "v is computed before u, of the u of before"),
      norm<D::two_steps>("two_steps", "two steps of the power iteration"),
      norm<D::old_v_in_sigma>("old_v_in_sigma", "sigma is that of the v of before"),
      norm<D::sigma_of_the_first>("sigma_of_the_first", "all weights are divided by the first one's sigma"),
      norm<D::last_column_lost>("last_column_lost", "W v without the last column"),
      norm<D::vectors_moved>("vectors_moved", "a step where the vectors must stay"),
      norm<D::barrier_missing>("barrier_missing", "u is read before all of it is written"),
      gradient<D::none>("block_per_weight", "", Catcher::nobody),
      gradient<D::constant_sigma>("constant_sigma", "as if sigma did not depend on W"),
      gradient<D::u_and_v_swapped>("u_and_v_swapped", "v uᵀ in the place of u vᵀ"),
      gradient<D::inner_of_all>("inner_of_all", "the value behind the weight takes part in the inner product"),
      gradient<D::not_divided>("not_divided", "not divided by sigma"),
  };
}

}  // namespace duel::test
