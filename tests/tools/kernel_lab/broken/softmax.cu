// A classifier's head: a block per sample for probabilities and gradient, which leaves their losses to one more block.
#include "kernels/ops/softmax_cross_entropy/softmax_cross_entropy.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 64;

enum class Defect {
  none,
  largest_not_subtracted,
  largest_without_barrier,
  sum_of_first_lanes,
  label_of_sample_before,
  last_of_equals_counts,
  gradient_not_divided,
  statistics_beside_each_other,
  last_class_twice,
};

template <class Combine>
__device__ float over_block(float* shared, float value, bool waits, Combine combine) {
  __syncthreads();
  shared[threadIdx.x] = value;
  if (waits) __syncthreads();
  for (int half = kThreads / 2; half > 0; half /= 2) {
    if (static_cast<int>(threadIdx.x) < half) {
      shared[threadIdx.x] = combine(shared[threadIdx.x], shared[threadIdx.x + half]);
    }
    __syncthreads();
  }
  return shared[0];
}

__device__ float add(float a, float b) {
  return a + b;
}

template <Defect kDefect>
__global__ void sample_kernel(SoftmaxCrossEntropy<float> t, int classes, int samples) {
  __shared__ float shared[kThreads];
  const auto logit = [&](int c) { return t.logits.data[static_cast<std::size_t>(c) * samples + blockIdx.x]; };
  const int thread = threadIdx.x;
  float largest = -INFINITY;
  for (int c = thread; c < classes; c += kThreads) largest = fmaxf(largest, logit(c));
  largest = over_block(shared, largest, kDefect != Defect::largest_without_barrier,
                       [](float a, float b) { return fmaxf(a, b); });
  if (kDefect == Defect::largest_not_subtracted) largest = 0.f;
  float sum = 0.f;
  for (int c = thread; c < classes; c += kThreads) sum += expf(logit(c) - largest);
  if (kDefect == Defect::last_class_twice && thread == 0) sum += expf(logit(classes - 1) - largest);
  sum = over_block(shared, kDefect == Defect::sum_of_first_lanes && thread >= 32 ? 0.f : sum, true, add);
  const int sample = kDefect == Defect::label_of_sample_before && blockIdx.x > 0 ? blockIdx.x - 1 : blockIdx.x;
  for (int c = thread; c < classes; c += kThreads) {
    const std::size_t i = static_cast<std::size_t>(c) * samples + blockIdx.x;
    const float p = expf(logit(c) - largest) / sum;
    t.probabilities.data[i] = p;
    if (!t.d_logits) continue;
    const float d = p - (c == t.labels.data[sample] ? 1.f : 0.f);
    t.d_logits.data[i] = kDefect == Defect::gradient_not_divided ? d : d / static_cast<float>(samples);
  }
}

// A sample's loss and whether it is right, by one thread for each.
template <Defect kDefect>
__global__ void statistics_kernel(SoftmaxCrossEntropy<float> t, int classes, int samples) {
  __shared__ float shared[kThreads];
  float loss = 0.f, correct = 0.f;
  for (int s = threadIdx.x; s < samples; s += kThreads) {
    const auto a = [&](int c) { return t.logits.data[static_cast<std::size_t>(c) * samples + s]; };
    int best = 0;
    for (int c = 1; c < classes; ++c) {
      if (kDefect == Defect::last_of_equals_counts ? a(c) >= a(best) : a(c) > a(best)) best = c;
    }
    float sum = 0.f;
    for (int c = 0; c < classes; ++c) sum += expf(a(c) - a(best));
    loss += logf(sum) - (a(t.labels.data[s]) - a(best));
    correct += best == t.labels.data[s] ? 1.f : 0.f;
  }
  loss = over_block(shared, loss, true, add);
  const float read_loss = loss;
  correct = over_block(shared, correct, true, add);
  if (threadIdx.x == 0) t.statistics.data[kMeanCrossEntropy] = read_loss / static_cast<float>(samples);
  const int place = kDefect == Defect::statistics_beside_each_other ? kClassificationStatistics : kCorrectSamples;
  if (threadIdx.x == 0) t.statistics.data[place] = correct;
}

template <Defect kDefect>
void head(const SoftmaxCrossEntropy<float>& a, StreamView stream) {
  const int classes = a.logits.rows, samples = a.logits.columns;
  launch(stream, {static_cast<unsigned>(samples), kThreads}, sample_kernel<kDefect>, a, classes, samples);
  if (a.labels) launch(stream, {1, kThreads}, statistics_kernel<kDefect>, a, classes, samples);
}

template <Defect kDefect>
BrokenKernel head_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(softmax_cross_entropy_op(), name, what, catcher, head<kDefect>);
}

}  // namespace

std::vector<BrokenKernel> broken_softmax_kernels() {
  using D = Defect;
  return {
      head_with<D::none>("block_per_sample", "", Catcher::nobody),
      head_with<D::largest_not_subtracted>("largest_not_subtracted", "large logits overflow"),
      head_with<D::largest_without_barrier>("largest_without_barrier", "a value is used before it is there"),
      head_with<D::sum_of_first_lanes>("sum_of_first_lanes", "classes behind the first warp are left out of the sum"),
      head_with<D::label_of_sample_before>("label_of_sample_before",
                                           "the gradient takes the label of the sample before"),
      head_with<D::last_of_equals_counts>("last_of_equals_counts", "of equal logits the last one is the class"),
      head_with<D::gradient_not_divided>("gradient_not_divided", "the gradient is that of the sum, not the mean"),
      head_with<D::statistics_beside_each_other>("statistics_behind_the_end", "a statistic behind the last one"),
      head_with<D::last_class_twice>("last_class_twice", "the last class counts twice"),
  };
}

}  // namespace duel::test
