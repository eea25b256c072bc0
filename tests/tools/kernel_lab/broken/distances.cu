// Distances and what is made of their rows: a thread per pair, and a thread per row.
#include "kernels/ops/count_in_rows/count_in_rows.h"
#include "kernels/ops/log_sum_exp_rows/log_sum_exp_rows.h"
#include "kernels/ops/smallest_in_rows/smallest_in_rows.h"
#include "kernels/ops/squared_distances/squared_distances.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 64;

// ---- squared_distances ----

enum class OfDistances { none, last_left_out, not_squared, turned };

template <OfDistances kDefect>
__global__ void pair_kernel(SquaredDistances<float> t, int n, int m, int depth) {
  const int i = blockIdx.x * kThreads + threadIdx.x;
  if (i >= n * m) return;
  const float *a = t.a.data + static_cast<std::size_t>(i / m) * depth,
              *b = t.b.data + static_cast<std::size_t>(i % m) * depth;
  float sum = 0.f;
  for (int k = 0; k < (kDefect == OfDistances::last_left_out ? depth - 1 : depth); ++k) {
    const float difference = a[k] - b[k];
    sum += kDefect == OfDistances::not_squared ? fabsf(difference) : difference * difference;
  }
  t.distances.data[kDefect == OfDistances::turned ? i % m * n + i / m : i] = sum;
}

template <OfDistances kDefect>
void distances(const SquaredDistances<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.distances.size(), kThreads), kThreads}, pair_kernel<kDefect>, a, a.a.rows, a.b.rows,
         a.a.columns);
}

// ---- smallest_in_rows ----

enum class OfSmallest { none, last_of_equals, forgets, counts_from_0, last_left_out };

template <OfSmallest kDefect>
__global__ void smallest_kernel(SmallestInRows<float> t, int rows, int columns, int k) {
  const int row = blockIdx.x * kThreads + threadIdx.x;
  if (row >= rows) return;
  float* smallest = t.smallest.data + static_cast<std::size_t>(row) * k;
  std::int32_t* places = t.places.data + static_cast<std::size_t>(row) * k;
  for (int i = 0; kDefect == OfSmallest::forgets && i < k; ++i) {
    smallest[i] = 3e38f;
    places[i] = kNoPlace;
  }
  for (int c = 0; c < (kDefect == OfSmallest::last_left_out ? columns - 1 : columns); ++c) {
    const float value = t.values.data[static_cast<std::size_t>(row) * columns + c];
    const int place = (kDefect == OfSmallest::counts_from_0 ? 0 : t.first_column) + c;
    int at = k;  // behind all that come before it
    while (at > 0 && (kDefect == OfSmallest::last_of_equals ? value <= smallest[at - 1] : value < smallest[at - 1])) {
      --at;
    }
    for (int i = k - 1; i > at; --i) {
      smallest[i] = smallest[i - 1];
      places[i] = places[i - 1];
    }
    if (at == k) continue;
    smallest[at] = value;
    places[at] = place;
  }
}

template <OfSmallest kDefect>
void smallest(const SmallestInRows<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.values.rows, kThreads), kThreads}, smallest_kernel<kDefect>, a, a.values.rows,
         a.values.columns, a.smallest.columns);
}

// ---- count_in_rows ----

enum class OfCount { none, below, forgets, one_row_more };

template <OfCount kDefect>
__global__ void count_kernel(CountInRows<float> t, int rows, int columns) {
  const int row = blockIdx.x * kThreads + threadIdx.x;
  if (kDefect == OfCount::one_row_more ? row > rows : row >= rows) return;
  int count = 0;
  for (int c = 0; c < columns; ++c) {
    const float value = t.values.data[static_cast<std::size_t>(row) * columns + c], limit = t.limits.data[c];
    count += (kDefect == OfCount::below ? value < limit : value <= limit) ? 1 : 0;
  }
  t.counts.data[row] = kDefect == OfCount::forgets ? count : t.counts.data[row] + count;
}

template <OfCount kDefect>
void count(const CountInRows<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.values.rows, kThreads), kThreads}, count_kernel<kDefect>, a, a.values.rows,
         a.values.columns);
}

// ---- log_sum_exp_rows ----

enum class OfLogSumExp { none, sum_not_moved, least_of_these, first_rate, not_relative };

template <OfLogSumExp kDefect>
__global__ void log_sum_exp_kernel(LogSumExpRows<float> t, int rows, int columns, int scales) {
  const int row = blockIdx.x * kThreads + threadIdx.x;
  if (row >= rows) return;
  const float* values = t.values.data + static_cast<std::size_t>(row) * columns;
  const float before = t.least.data[row];
  float least = kDefect == OfLogSumExp::least_of_these ? values[0] : before;
  for (int c = 0; c < columns; ++c) least = fminf(least, values[c]);
  for (int s = 0; s < scales; ++s) {
    const float rate = t.rates.data[kDefect == OfLogSumExp::first_rate ? 0 : s];
    float& sum = t.sums.data[static_cast<std::size_t>(row) * scales + s];
    if (kDefect != OfLogSumExp::sum_not_moved) sum = sum > 0.f ? sum * expf(-rate * (before - least)) : 0.f;
    const float from = kDefect == OfLogSumExp::not_relative ? 0.f : least;
    float more = 0.f;
    for (int c = 0; c < columns; ++c) more += expf(-rate * (values[c] - from));
    sum += more;
  }
  t.least.data[row] = least;
}

template <OfLogSumExp kDefect>
void log_sum_exp(const LogSumExpRows<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.values.rows, kThreads), kThreads}, log_sum_exp_kernel<kDefect>, a, a.values.rows,
         a.values.columns, a.rates.rows);
}

template <OfDistances kDefect>
BrokenKernel distances_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(squared_distances_op(), name, what, catcher, distances<kDefect>);
}
template <OfSmallest kDefect>
BrokenKernel smallest_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(smallest_in_rows_op(), name, what, catcher, smallest<kDefect>);
}
template <OfCount kDefect>
BrokenKernel count_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(count_in_rows_op(), name, what, catcher, count<kDefect>);
}
template <OfLogSumExp kDefect>
BrokenKernel log_sum_exp_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(log_sum_exp_rows_op(), name, what, catcher, log_sum_exp<kDefect>);
}

}  // namespace

std::vector<BrokenKernel> broken_distance_kernels() {
  return {
      distances_with<OfDistances::none>("thread_per_pair", "", Catcher::nobody),
      distances_with<OfDistances::last_left_out>("last_left_out", "the last value of each row is left out"),
      distances_with<OfDistances::not_squared>("not_squared", "absolute values instead of squares"),
      distances_with<OfDistances::turned>("turned", "rows and columns of the result are exchanged"),
      smallest_with<OfSmallest::none>("thread_per_row", "", Catcher::nobody),
      smallest_with<OfSmallest::last_of_equals>("last_of_equals", "of equal values the last column comes first"),
      smallest_with<OfSmallest::forgets>("forgets", "what earlier pieces held is forgotten"),
      smallest_with<OfSmallest::counts_from_0>("counts_from_0", "columns are counted within the piece"),
      smallest_with<OfSmallest::last_left_out>("last_left_out", "the last column is left out"),
      count_with<OfCount::none>("thread_per_row", "", Catcher::nobody),
      count_with<OfCount::below>("below", "a value that equals its limit is not counted"),
      count_with<OfCount::forgets>("forgets", "what earlier pieces counted is forgotten"),
      count_with<OfCount::one_row_more>("one_row_more", "a thread too many counts"),
      log_sum_exp_with<OfLogSumExp::none>("thread_per_row", "", Catcher::nobody),
      log_sum_exp_with<OfLogSumExp::sum_not_moved>("sum_not_moved", "earlier sums stay relative to the earlier least"),
      log_sum_exp_with<OfLogSumExp::least_of_these>("least_of_these", "the least value of earlier pieces is forgotten"),
      log_sum_exp_with<OfLogSumExp::first_rate>("first_rate", "all sums have the first rate"),
      log_sum_exp_with<OfLogSumExp::not_relative>("not_relative", "terms are relative to 0, not to the least value"),
  };
}

}  // namespace duel::test
