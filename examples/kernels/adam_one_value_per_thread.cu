// Adam with one value per thread: the simplest form, with narrow loads. One thread first advances the step counter and
// computes the two bias corrections, for all blocks to read.
#include "kernels/adam/adam.h"
#include "kernels/external/kernel_file.h"

namespace {

__global__ void adam_step_kernel(duel::AdamProgress* progress, double learning_rate, double beta1, double beta2) {
  const auto step = static_cast<double>(++progress->step);
  progress->step_size = learning_rate / (1 - pow(beta1, step));
  progress->root_of_correction2 = sqrt(1 - pow(beta2, step));
}

__global__ void adam_one_value_kernel(float* __restrict__ parameter, float* __restrict__ first_moment,
                                      float* __restrict__ second_moment, const float* __restrict__ gradient,
                                      std::size_t count, float beta1, float rest1, float beta2, float rest2, float eps,
                                      const duel::AdamProgress* __restrict__ progress) {
  const std::size_t i = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= count) return;
  const float g = gradient[i];
  const float m = beta1 * first_moment[i] + rest1 * g;
  const float v = beta2 * second_moment[i] + rest2 * (g * g);
  first_moment[i] = m;
  second_moment[i] = v;
  const float denominator = sqrtf(v) / static_cast<float>(progress->root_of_correction2) + eps;
  parameter[i] -= static_cast<float>(progress->step_size) * (m / denominator);
}

void one_value_per_thread(const duel::AdamUpdate<float>& a, duel::StreamView stream) {
  constexpr int kThreads = 256;
  const auto narrow = [](double value) { return static_cast<float>(value); };
  duel::launch(stream, {1, 1}, adam_step_kernel, a.progress.data, a.learning_rate, a.beta1, a.beta2);
  duel::launch(stream, {duel::blocks_for(a.parameter.size(), kThreads), kThreads}, adam_one_value_kernel,
               a.parameter.data, a.first_moment.data, a.second_moment.data, a.gradient.data, a.parameter.size(),
               narrow(a.beta1), narrow(1 - a.beta1), narrow(a.beta2), narrow(1 - a.beta2), narrow(a.eps),
               a.progress.data);
}

}  // namespace

extern "C" void duel_add_kernels(duel::KernelSelection& kernels) {
  kernels.add(duel::adam_op(), {"one_value_per_thread", "one value per thread, coalesced", duel::supports_any_device,
                                one_value_per_thread});
}
