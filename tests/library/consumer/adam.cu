// Adam with one value per thread: the simplest form, with narrow loads.
#include <duel/kernels.h>

namespace {

using AdamUpdate = duel::FlatUpdate<float, duel::Adam>;

__global__ void adam_one_value_kernel(float* __restrict__ parameter, float* __restrict__ exp_avg,
                                      float* __restrict__ exp_avg_sq, const float* __restrict__ gradient,
                                      std::size_t count, float beta1, float rest1, float beta2, float rest2, float eps,
                                      const duel::OptimizerProgress* __restrict__ progress, float limit) {
  const std::size_t i = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= count) return;
  const float step_size = static_cast<float>(progress->rates[0]);            // lr / (1 - beta1^t)
  const float root_of_correction2 = static_cast<float>(progress->rates[1]);  // sqrt(1 - beta2^t)
  const float g = gradient[i];
  const float m = beta1 * exp_avg[i] + rest1 * g;
  const float v = beta2 * exp_avg_sq[i] + rest2 * (g * g);
  exp_avg[i] = m;
  exp_avg_sq[i] = v;
  const float p = parameter[i] - step_size * (m / (sqrtf(v) / root_of_correction2 + eps));
  parameter[i] = p > limit ? limit : p < -limit ? -limit : p;
}

void one_value_per_thread(const AdamUpdate& a, duel::StreamView stream) {
  constexpr int kThreads = 256;
  const duel::Adam& adam = a.optimizer;
  const auto narrow = [](double value) { return static_cast<float>(value); };
  duel::launch(stream, {duel::blocks_for(a.parameter.size(), kThreads), kThreads}, adam_one_value_kernel,
               a.parameter.data, a.state[0].data, a.state[1].data, a.gradient.data, a.parameter.size(),
               narrow(adam.beta1), narrow(1 - adam.beta1), narrow(adam.beta2), narrow(1 - adam.beta2), narrow(adam.eps),
               a.progress.data, a.limit);
}

}  // namespace

void add_adam(duel::KernelSelection& kernels) {
  kernels.add(duel::flat_update_op<duel::Adam>(), {"one_value_per_thread", "one value per thread, coalesced",
                                                   duel::supports_any_device, one_value_per_thread});
}
