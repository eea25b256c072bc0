// Ops without products: optimizers, the moving average, latents, transpose, the end of an
// iteration.
#include "kernels/device/random.cuh"
#include "kernels/ops/advance_optimizer/advance_optimizer.h"
#include "kernels/ops/end_iteration/end_iteration.h"
#include "kernels/ops/flat_update/flat_update.h"
#include "kernels/ops/latent_normal/latent_normal.h"
#include "kernels/ops/moving_average/moving_average.h"
#include "kernels/ops/transpose/transpose.h"
#include "kernels/runtime/launch.h"
#include "tests/tools/kernel_lab/broken/broken_kernels.h"

namespace duel::test {
namespace {

constexpr int kThreads = 128;

// ---- updates of flat arrays ----

enum class Update {
  none,
  moment_on_another_stream,
  four_values_without_tail,
  correction_forgotten,
  state_after_use,
  values_shared_by_two_threads,
  limit_forgotten,
};

template <Update kDefect = Update::none>
__device__ float limited(float value, float limit) {
  if (kDefect == Update::limit_forgotten) return value;
  return value > limit ? limit : value < -limit ? -limit : value;
}

template <Update kDefect>
__device__ void update(const FlatUpdate<float, Adam>& a, std::size_t i, const Adam::Step<float>& step) {
  const float g = a.gradient.data[i], old = a.state[0].data[i];
  const float m = step.beta1 * old + step.rest1 * g;
  const float v = step.beta2 * a.state[1].data[i] + step.rest2 * (g * g);
  a.state[0].data[i] = m;
  a.state[1].data[i] = v;
  const float used = kDefect == Update::state_after_use ? old : m;
  const float root = kDefect == Update::correction_forgotten ? static_cast<float>(a.progress.data->rates[1]) : 1.f;
  const float moved = a.parameter.data[i] - step.scale * used / (sqrtf(v) * root + step.eps);
  a.parameter.data[i] = limited<kDefect>(moved, a.limit);
}

template <Update kDefect>
__device__ void update(const FlatUpdate<float, SgdMomentum>& a, std::size_t i, const SgdMomentum::Step<float>& step) {
  const float old = a.state[0].data[i];
  const float v = step.momentum * old - step.rate * a.gradient.data[i];
  a.state[0].data[i] = v;
  a.parameter.data[i] = limited(a.parameter.data[i] + (kDefect == Update::state_after_use ? old : v), a.limit);
}

template <Update kDefect>
__device__ void update(const FlatUpdate<float, Rmsprop>& a, std::size_t i, const Rmsprop::Step<float>& step) {
  const float g = a.gradient.data[i], old = a.state[0].data[i], v = step.alpha * old + step.rest * (g * g);
  a.state[0].data[i] = v;
  const float used = kDefect == Update::state_after_use ? old : v;
  a.parameter.data[i] = limited(a.parameter.data[i] - step.rate * g / (sqrtf(used) + step.eps), a.limit);
}

template <Update kDefect, class Unit>
__global__ void update_kernel(FlatUpdate<float, Unit> a, std::size_t count) {
  const auto step = a.optimizer.template step<float>(a.progress.data[0]);
  const std::size_t thread = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if constexpr (kDefect == Update::four_values_without_tail) {
    for (std::size_t i = 4 * thread; 4 * thread < count && i < 4 * thread + 4; ++i) update<kDefect>(a, i, step);
  } else if constexpr (kDefect == Update::values_shared_by_two_threads) {
    if (thread / 2 < count) update<kDefect>(a, thread / 2, step);
  } else {
    if (thread < count) update<kDefect>(a, thread, step);
  }
}

__global__ void first_moment_kernel(FlatUpdate<float, Adam> a, std::size_t count) {
  const auto step = a.optimizer.step<float>(a.progress.data[0]);
  const std::size_t i = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < count) a.state[0].data[i] = step.beta1 * a.state[0].data[i] + step.rest1 * a.gradient.data[i];
}
__global__ void parameter_kernel(FlatUpdate<float, Adam> a, std::size_t count) {
  const auto step = a.optimizer.step<float>(a.progress.data[0]);
  const std::size_t i = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= count) return;
  const float g = a.gradient.data[i], v = step.beta2 * a.state[1].data[i] + step.rest2 * (g * g);
  a.state[1].data[i] = v;
  a.parameter.data[i] = limited(a.parameter.data[i] - step.scale * a.state[0].data[i] / (sqrtf(v) + step.eps), a.limit);
}

template <Update kDefect, class Unit>
void flat_update(const FlatUpdate<float, Unit>& a, StreamView stream) {
  const std::size_t count = a.parameter.size();
  if constexpr (kDefect != Update::moment_on_another_stream) {
    const std::size_t threads = count * (kDefect == Update::values_shared_by_two_threads ? 2 : 1);
    launch(stream, {blocks_for(threads, kThreads), kThreads}, update_kernel<kDefect, Unit>, a, count);
  } else {
    static const Stream other;
    launch(other, {blocks_for(count, kThreads), kThreads}, first_moment_kernel, a, count);
    launch(stream, {blocks_for(count, kThreads), kThreads}, parameter_kernel, a, count);
    Event done;
    done.record(other);
    check(cudaStreamWaitEvent(stream.get(), done.get(), 0));
  }
}

// ---- the step that updates share ----

enum class Advance { none, by_every_thread, corrections_of_the_step_before, epochs_from_one };

template <Advance kDefect>
__global__ void advance_kernel(AdvanceOptimizer a) {
  OptimizerProgress& progress = a.progress.data[0];
  const std::uint64_t epoch = a.clock.data ? a.clock.data->epoch : 0;
  if constexpr (kDefect == Advance::corrections_of_the_step_before) {
    OptimizerProgress before = progress;
    before.step -= 1;
    a.optimizer.advance(before, epoch);
    progress = {progress.step + 1, {before.rates[0], before.rates[1]}};
  } else {
    a.optimizer.advance(progress, epoch + (kDefect == Advance::epochs_from_one ? 1 : 0));
  }
}

template <Advance kDefect>
void advance(const AdvanceOptimizer& a, StreamView stream) {
  launch(stream, {1, kDefect == Advance::by_every_thread ? 32 : 1}, advance_kernel<kDefect>, a);
}

// ---- latents ----

enum class Latents {
  none,
  tail_not_guarded,
  words_used_twice,
  shared_words_without_barrier,
  zero_in_the_logarithm,
  last_row_forgotten,
};

__device__ float2 normal_pair(std::uint32_t word0, std::uint32_t word1, bool zero_allowed) {
  const float u = zero_allowed ? static_cast<float>(word0 >> 9) / 8388608.f : uniform_open(word0);
  const float radius = sqrtf(-2.f * logf(zero_allowed && word0 % 16 == 0 ? 0.f : u));
  float sine, cosine;
  sincospif(2.f * uniform_open(word1), &sine, &cosine);
  return make_float2(radius * cosine, radius * sine);
}

// Four threads share the words of four columns.
template <Latents kDefect>
__global__ void latents_kernel(LatentNormal<float> p, int rows, int columns) {
  __shared__ RandomWords shared[kThreads / 4];
  const int groups = (columns + 3) / 4;
  const int i = (blockIdx.x * blockDim.x + threadIdx.x) / 4, part = threadIdx.x % 4;
  const int row = i / groups, column = i % groups * 4 + part;
  const std::uint64_t iteration = p.clock.data->iteration;
  RandomWords& words = shared[threadIdx.x / 4];
  if (part == 0) {
    words = random_words(p.seed ^ (iteration >> 32 << 32), static_cast<std::uint32_t>(i % groups),
                         static_cast<std::uint32_t>(row), p.draw, static_cast<std::uint32_t>(iteration));
  }
  if constexpr (kDefect != Latents::shared_words_without_barrier) __syncthreads();
  const int pair = kDefect == Latents::words_used_twice ? 0 : part / 2 * 2;
  const float2 values = normal_pair(words.word[pair], words.word[pair + 1], kDefect == Latents::zero_in_the_logarithm);
  const int last = kDefect == Latents::last_row_forgotten ? rows - 1 : rows;
  if (row >= last || (kDefect != Latents::tail_not_guarded && column >= columns)) return;
  p.output.data[static_cast<std::size_t>(row) * columns + column] = part % 2 == 0 ? values.x : values.y;
}

template <Latents kDefect>
void latents(const LatentNormal<float>& a, StreamView stream) {
  const std::size_t threads = static_cast<std::size_t>(a.output.rows) * ((a.output.columns + 3) / 4) * 4;
  launch(stream, {blocks_for(threads, kThreads), kThreads}, latents_kernel<kDefect>, a, a.output.rows,
         a.output.columns);
}

// ---- end of an iteration ----

enum class End { none, clock_before_record, ring_one_too_long, epoch_ends_late, record_by_two_threads };

template <End kDefect>
__global__ void end_kernel(EndIteration p) {
  __shared__ TrainingClock now;
  if (threadIdx.x == 0) now = *p.clock.data;
  if constexpr (kDefect != End::clock_before_record) __syncthreads();
  if (threadIdx.x == 1 || (kDefect == End::record_by_two_threads && threadIdx.x == 2)) {
    const int capacity = p.records.rows + (kDefect == End::ring_one_too_long ? 1 : 0);
    const std::uint64_t iteration = kDefect == End::clock_before_record ? p.clock.data->iteration : now.iteration;
    IterationRecord& record = p.records.data[iteration % static_cast<std::uint64_t>(capacity)];
    record.iteration = iteration;
    record.discriminator_loss = p.discriminator_statistics.data[kLoss];
    record.generator_loss = p.generator_statistics.data[kLoss];
    record.mean_real = p.discriminator_statistics.data[kMeanReal];
    record.mean_generated = p.discriminator_statistics.data[kMeanGenerated];
    record.penalty = p.discriminator_statistics.data[kPenalty];
  }
  if (threadIdx.x != 0) return;
  const std::uint64_t next = now.first_image + static_cast<std::uint64_t>(p.images_used);
  const auto in_epoch = static_cast<std::uint64_t>(p.images_in_epoch);
  const bool over = kDefect == End::epoch_ends_late ? next > in_epoch : next >= in_epoch;
  *p.clock.data = {now.iteration + 1, now.epoch + (over ? 1 : 0), over ? 0 : next};
}

template <End kDefect>
void end_iteration(const EndIteration& a, StreamView stream) {
  launch(stream, {1, 3}, end_kernel<kDefect>, a);
}

// ---- moving_average ----

enum class Average { none, decay_of_one, bound_forgotten, without_tail };

template <Average kDefect>
__global__ void average_kernel(MovingAverage<float> t, std::size_t count) {
  const std::uint64_t iteration = t.clock.data->iteration, interval = static_cast<std::uint64_t>(t.interval);
  if ((iteration + 1) % interval != 0) return;
  const double time = static_cast<double>(iteration), bound = (1 + time) / (10 + time);
  const double decay = kDefect == Average::bound_forgotten || t.decay < bound ? t.decay : bound;
  const double rest = 1 - (kDefect == Average::decay_of_one ? decay : pow(decay, t.interval));
  const std::size_t i = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (kDefect == Average::without_tail ? i > count : i >= count) return;
  t.average.data[i] += static_cast<float>(rest) * (t.value.data[i] - t.average.data[i]);
}

template <Average kDefect>
void average(const MovingAverage<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.average.size(), 64), 64}, average_kernel<kDefect>, a, a.average.size());
}

// ---- transpose ----

enum class Turn { none, tile_without_barrier, columns_from_the_first_on, edge_not_guarded, last_row_forgotten };

template <Turn kDefect>
__global__ void turn_kernel(Transpose<float> p) {
  __shared__ float tile[16][17];
  const int row = blockIdx.y * 16 + threadIdx.y, column = blockIdx.x * 16 + threadIdx.x;
  const int rows = p.input.rows, count = p.output.rows;
  const int first = kDefect == Turn::columns_from_the_first_on ? 0 : p.first_column;
  if (row < rows && column < count) {
    tile[threadIdx.y][threadIdx.x] = p.input.data[static_cast<std::size_t>(row) * p.input.columns + first + column];
  }
  if constexpr (kDefect != Turn::tile_without_barrier) __syncthreads();
  const int to_row = blockIdx.x * 16 + threadIdx.y, to_column = blockIdx.y * 16 + threadIdx.x;
  if (to_row >= count || (kDefect != Turn::edge_not_guarded && to_column >= rows)) return;
  if (kDefect == Turn::last_row_forgotten && to_row + 1 == count && count > 1) return;
  p.output.data[static_cast<std::size_t>(to_row) * rows + to_column] = tile[threadIdx.x][threadIdx.y];
}

template <Turn kDefect>
void turn(const Transpose<float>& a, StreamView stream) {
  const dim3 grid(blocks_for(a.output.rows, 16), blocks_for(a.input.rows, 16));
  launch(stream, {grid, dim3(16, 16)}, turn_kernel<kDefect>, a);
}

template <Turn kDefect>
BrokenKernel turn_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(transpose_op(), name, what, catcher, turn<kDefect>);
}
template <Average kDefect>
BrokenKernel average_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(moving_average_op(), name, what, catcher, average<kDefect>);
}
template <class Unit, Update kDefect>
BrokenKernel update_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(flat_update_op<Unit>(), name, what, catcher, flat_update<kDefect, Unit>);
}
template <Advance kDefect>
BrokenKernel advance_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(advance_optimizer_op(), name, what, catcher, advance<kDefect>);
}
template <Latents kDefect>
BrokenKernel latents_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(latent_normal_op(), name, what, catcher, latents<kDefect>);
}
template <End kDefect>
BrokenKernel end_with(const char* name, const char* what, Catcher catcher = Catcher::verify) {
  return broken(end_iteration_op(), name, what, catcher, end_iteration<kDefect>);
}

}  // namespace

std::vector<BrokenKernel> broken_data_kernels() {
  using L = Latents;
  using E = End;
  return {
      update_with<Adam, Update::none>("value_per_thread", "", Catcher::nobody),
      update_with<SgdMomentum, Update::none>("value_per_thread", "", Catcher::nobody),
      update_with<Rmsprop, Update::none>("value_per_thread", "", Catcher::nobody),
      advance_with<Advance::none>("one_thread_of_one", "", Catcher::nobody),
      latents_with<L::none>("words_in_shared_memory", "", Catcher::nobody),
      end_with<E::none>("three_threads", "", Catcher::nobody),
      average_with<Average::none>("value_per_thread", "", Catcher::nobody),
      turn_with<Turn::none>("small_tiles", "", Catcher::nobody),
      turn_with<Turn::tile_without_barrier>("tile_without_barrier", "a tile is used before it is there"),
      turn_with<Turn::columns_from_the_first_on>("columns_from_the_first_on", "first_column is forgotten"),
      turn_with<Turn::edge_not_guarded>("edge_not_guarded", "rows run over their end into the next"),
      turn_with<Turn::last_row_forgotten>("last_row_forgotten", "the last row is never written"),
      average_with<Average::decay_of_one>("decay_of_one", "an interval counts as one iteration"),
      average_with<Average::bound_forgotten>("bound_forgotten", "early decays are not bounded"),
      average_with<Average::without_tail>("without_tail", "a thread too many moves"),
      advance_with<Advance::by_every_thread>("by_every_thread", "32 threads count an update each"),
      advance_with<Advance::corrections_of_the_step_before>("corrections_of_the_step_before", "rates a step late"),
      advance_with<Advance::epochs_from_one>("epochs_from_one", "the momentum is an epoch ahead"),
      update_with<Adam, Update::moment_on_another_stream>("moment_on_another_stream",
                                                          "the update does not wait for the moment"),
      update_with<Adam, Update::four_values_without_tail>("four_values_without_tail", "a thread runs over the end"),
      update_with<Adam, Update::correction_forgotten>("correction_forgotten",
                                                      "a wrong correction of the second moment"),
      update_with<Adam, Update::state_after_use>("state_after_use",
                                                 "the parameter takes the moment of the step before"),
      update_with<Adam, Update::limit_forgotten>("limit_forgotten", "parameters leave their limit"),
      update_with<Adam, Update::values_shared_by_two_threads>("values_shared_by_two_threads",
                                                              "every value is updated twice"),
      update_with<SgdMomentum, Update::state_after_use>("state_after_use", "the velocity of the step before"),
      update_with<Rmsprop, Update::state_after_use>("state_after_use", "the mean square of the step before"),
      latents_with<L::tail_not_guarded>("tail_not_guarded", "columns behind the last one are written"),
      latents_with<L::words_used_twice>("words_used_twice", "columns 2 and 3 repeat columns 0 and 1"),
      latents_with<L::shared_words_without_barrier>("shared_words_without_barrier",
                                                    "words are used before they are there"),
      latents_with<L::zero_in_the_logarithm>("zero_in_the_logarithm", "log 0 for some words"),
      latents_with<L::last_row_forgotten>("last_row_forgotten", "the last row is never written"),
      end_with<E::clock_before_record>("clock_before_record", "a thread reads the clock that another one writes"),
      end_with<E::ring_one_too_long>("ring_one_too_long", "the ring of records is taken to be one longer"),
      end_with<E::epoch_ends_late>("epoch_ends_late", "an epoch whose images are just used up goes on"),
      end_with<E::record_by_two_threads>("record_by_two_threads", "two threads write the same record",
                                         Catcher::checked_build),
  };
}

}  // namespace duel::test
