#include "app/bench/bench_measure.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "app/bench/bench_images.h"
#include "app/device/kernel_choice.h"
#include "app/errors/exit_code.h"
#include "app/settings/training_program.h"
#include "engine/configuration/config_names.h"
#include "engine/games/training_memory.h"
#include "engine/measure/ceilings.h"
#include "engine/measure/monotonic_clock.h"
#include "engine/training/trainer.h"
#include "kernels/runtime/allocation.h"
#include "kernels/runtime/error.h"

namespace duel::app {
namespace {

constexpr std::size_t kLargeMemory = std::size_t{512} << 20;  // bytes; more than the caches of any device
constexpr int kLeastRounds = 3, kMostTimedIterations = 11;

std::size_t free_device_bytes() {
  std::size_t free = 0, total = 0;
  check(cudaMemGetInfo(&free, &total));
  return free;
}

/// As many as an epoch has, but whole batches only, and at least one of them.
int images_for(const TrainingConfig& config) {
  const int of_iteration = config.batch_size * config.discriminator_steps;
  return std::max(1, kImagesOfEpoch / of_iteration) * of_iteration;
}

/// "" where the trainer's memory is there; some is left for what the runtime itself takes.
std::string lack_of_memory(const TrainingConfig& config, int images) {
  const auto needed = static_cast<double>(planned_device_bytes(config, images));
  const double free = 0.9 * static_cast<double>(free_device_bytes());
  if (needed <= free) return "";
  return "needs " + format_bytes(needed) + " of device memory, " + format_bytes(free) + " can be had";
}

double seconds_of(Trainer& trainer, std::int64_t iterations) {
  const double start = monotonic_seconds();
  trainer.run(iterations);
  return monotonic_seconds() - start;
}

/// Iterations that take about as long as a round shall; kernels are loaded and caches warm afterwards.
std::int64_t iterations_of_round(Trainer& trainer, const BenchOptions& options) {
  trainer.run(1);
  if (options.iterations > 0) return options.iterations;
  for (std::int64_t iterations = 1;; iterations *= 2) {
    const double seconds = std::max(seconds_of(trainer, iterations), 1e-6);
    if (seconds < options.seconds / 2) continue;
    const double wanted = static_cast<double>(iterations) * options.seconds / seconds;
    return std::max<std::int64_t>(1, std::llround(wanted));
  }
}

/// Medians over several iterations that are enqueued kernel by kernel, for at most about `seconds`.
void time_ranges(Trainer& trainer, int most, double seconds, Measurement& measurement) {
  trainer.run_timed();
  std::vector<std::vector<double>> times;
  const double end = monotonic_seconds() + seconds;
  std::vector<RangeTime> ranges;
  do {
    ranges = trainer.run_timed();
    times.resize(ranges.size());
    for (std::size_t i = 0; i < ranges.size(); ++i) times[i].push_back(ranges[i].seconds);
  } while (++measurement.timed_iterations < static_cast<std::size_t>(most) && monotonic_seconds() < end);
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    measurement.ranges.push_back({ranges[i].path, summarize(times[i]).median, 0});
  }
  const double sum = measurement.seconds_kernel_by_kernel();
  for (RangeShare& range : measurement.ranges) range.share = range.seconds / sum;
}

/// Trainers of several steps whose rounds take turns, so that what disturbs the machine disturbs them alike.
class Contest {
 public:
  Contest(const BenchOptions& options, const KernelSelection& kernels) : options_(options), kernels_(kernels) {}

  /// Why there is no memory for this one beside the others; "" where it has joined.
  std::string add(const BenchShape& shape) {
    const TrainingConfig config =
        bench_config(preset(*options_.program, options_.preset).training, shape, options_.precision);
    const int images = images_for(config);
    if (const std::string lack = lack_of_memory(config, images); !lack.empty()) return lack;
    const ImageSet made_up = made_up_images(config.networks, images);
    try {
      trainers_.push_back(std::make_unique<Trainer>(config, made_up, kernels_));
    } catch (const CudaError& error) {
      if (error.code() != cudaErrorMemoryAllocation) throw;
      return error.what();
    }
    const Layouts layouts(config.networks);
    const LeastWork work = least_work(config);
    Measurement& one = measurements_.emplace_back();
    one.shape = shape;
    one.config = config;
    one.images = images;
    one.parameters = layouts.generator.parameter_count() + layouts.discriminator.parameter_count();
    one.graph_nodes = trainers_.back()->kernels_per_iteration();
    one.device_bytes = trainers_.back()->device_bytes();
    one.work = work;
    return "";
  }

  bool is_empty() const { return trainers_.empty(); }

  void run(const std::function<void(const std::string&)>& say) {
    for (std::size_t i = 0; i < trainers_.size(); ++i) {
      measurements_[i].iterations = iterations_of_round(*trainers_[i], options_);
    }
    const double end = monotonic_seconds() + options_.rounds * options_.seconds * static_cast<double>(trainers_.size());
    for (int round = 0; round < options_.rounds; ++round) {
      if (round >= kLeastRounds && options_.iterations == 0 && monotonic_seconds() > end) break;
      say("round " + std::to_string(round + 1) + " of " + std::to_string(options_.rounds));
      run_round(static_cast<std::size_t>(round));
    }
    for (std::size_t i = 0; i < trainers_.size(); ++i) {
      say("kernel by kernel");
      time_ranges(*trainers_[i], std::min(options_.rounds, kMostTimedIterations), options_.seconds, measurements_[i]);
    }
  }

  std::vector<Measurement> finish() {
    trainers_.clear();  // the copies need memory
    for (Measurement& one : measurements_) {
      // What an iteration touches is read and written: half as much memory as bytes.
      one.ceiling_bytes = measure_copy_bytes_per_second(static_cast<std::size_t>(one.work.bytes / 2));
    }
    return std::move(measurements_);
  }

  const std::vector<std::unique_ptr<Trainer>>& trainers() const { return trainers_; }

 private:
  void run_round(std::size_t round) {
    for (std::size_t i = 0; i < trainers_.size(); ++i) {
      const std::size_t turn = (round + i) % trainers_.size();
      const std::int64_t iterations = measurements_[turn].iterations;
      measurements_[turn].seconds.push_back(seconds_of(*trainers_[turn], iterations) / static_cast<double>(iterations));
    }
  }

  const BenchOptions& options_;
  const KernelSelection& kernels_;
  std::vector<std::unique_ptr<Trainer>> trainers_;
  std::vector<Measurement> measurements_;
};

void raise_ceilings(BenchResult& result) {
  Ceilings& ceilings = result.ceilings;
  if (ceilings.copied_bytes == 0) ceilings.copied_bytes = std::min(kLargeMemory, free_device_bytes() / 4);
  ceilings.flops = std::max(ceilings.flops, measure_flops_per_second());
  ceilings.copy_bytes = std::max(ceilings.copy_bytes, measure_copy_bytes_per_second(ceilings.copied_bytes));
  for (Measurement& one : result.measurements) {
    one.ceiling_flops = ceilings.flops;
    one.ceiling_bytes = std::max(one.ceiling_bytes, ceilings.copy_bytes);
  }
}

/// Throws UsageError where somebody named a variant that none of the steps runs.
void require_some_use(const BenchOptions& options, const Contest& contest, StepKind step) {
  std::vector<KernelUse> uses;
  for (const auto& trainer : contest.trainers()) {
    uses.insert(uses.end(), trainer->kernels().uses().begin(), trainer->kernels().uses().end());
  }
  require_used(options.kernels, uses, step);
}

}  // namespace

TrainingConfig bench_config(TrainingConfig config, const BenchShape& shape, Precision precision) {
  config.step = shape.step;
  config.precision = precision;
  config.batch_size = shape.batch_size;
  for (auto* widths : {&config.networks.generator_widths, &config.networks.discriminator_widths}) {
    for (int& width : *widths) width *= shape.width;
  }
  try {
    validate(config);
  } catch (const std::invalid_argument& error) {
    throw UsageError("--step " + name_of(shape.step) + ", --width " + std::to_string(shape.width) + ": " +
                     error.what());
  }
  return config;
}

void measure_shape(const BenchOptions& options, const KernelSelection& kernels, const std::vector<StepKind>& steps,
                   int batch_size, int width, const std::function<void(const std::string&)>& say, BenchResult& result) {
  const std::string name = "batch " + std::to_string(batch_size) + ", width " + std::to_string(width);
  std::vector<StepKind> left = steps;
  while (!left.empty()) {
    Contest contest(options, kernels);
    std::vector<StepKind> later;
    for (const StepKind step : left) {
      const BenchShape shape{step, batch_size, width};
      const std::string lack = with_chosen_kernels(options.kernels, [&] { return contest.add(shape); });
      if (lack.empty()) continue;
      if (contest.is_empty()) {
        result.skipped.push_back({shape, lack});
      } else {
        later.push_back(step);
      }
    }
    if (!contest.is_empty()) {
      if (later.empty() && left.size() == steps.size()) require_some_use(options, contest, steps.front());
      contest.run([&](const std::string& what) { say(name + ": " + what); });
      for (Measurement& one : contest.finish()) result.measurements.push_back(std::move(one));
      say(name + ": what the device can do");
      raise_ceilings(result);
    }
    left = later;
  }
}

}  // namespace duel::app
