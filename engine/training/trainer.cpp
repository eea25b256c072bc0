#include "engine/training/trainer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/configuration/config_json.h"
#include "engine/data/class_labels.h"
#include "engine/data/marginals.h"
#include "engine/games/gan.h"
#include "engine/io/data_identity.h"
#include "engine/measure/stream_hold.h"
#include "engine/networks/discriminator.h"
#include "engine/networks/state_file.h"
#include "engine/training/iteration_graphs.h"
#include "engine/training/profiler_window.h"
#include "engine/training/record_batch.h"
#include "engine/training/training_step.h"
#include "engine/tuning/kernel_record.h"
#include "engine/tuning/tuning_key.h"
#include "kernels/runtime/buffer.h"
#include "kernels/runtime/range.h"

namespace duel {
namespace {

// Of initial weights of convolutions, and of gammas: A. Radford et al. 2016.
constexpr float kDcganDeviation = 0.02f;
// Iterations between two looks at the statistics: as many as take about this long.
constexpr std::chrono::milliseconds kBatchTime{200};

std::size_t training_bytes(const TrainingConfig& config, const Layouts& layouts) {
  ArenaPlan plan;
  TrainingMemory::take(plan, config, layouts);
  return plan.bytes();
}

/// Throws std::invalid_argument unless there are `count`, all below `classes`. `whose`: "the real images".
void require_classes(std::span<const std::uint8_t> labels, std::size_t count, int classes, const std::string& whose) {
  const bool are_classes =
      std::all_of(labels.begin(), labels.end(), [classes](std::uint8_t label) { return label < classes; });
  if (are_classes && labels.size() == count) return;
  throw std::invalid_argument("run_given: expected " + std::to_string(count) + " classes of " + whose + " below " +
                              std::to_string(classes) + ", found " +
                              (are_classes ? std::to_string(labels.size()) : "another class"));
}

/// Of the images, where networks read their classes.
std::span<const std::uint8_t> labels_read(const TrainingConfig& config, const ImageSet& images) {
  return config.networks.classes > 0 ? std::span(images.labels) : std::span<const std::uint8_t>();
}

const TrainingConfig& validated(const TrainingConfig& config, const ImageSet& images) {
  validate(config);
  const NetworkConfig& networks = config.networks;
  if (images.count < 1 || images.height != networks.image_size || images.width != networks.image_size ||
      images.channels != networks.channels) {
    throw std::invalid_argument(
        "the data are " + std::to_string(images.count) + " images of " + std::to_string(images.height) + " x " +
        std::to_string(images.width) + " pixels with " + std::to_string(images.channels) + " channel(s); expected " +
        std::to_string(networks.image_size) + " x " + std::to_string(networks.image_size) + " with " +
        std::to_string(networks.channels) + " (image_size and channels must agree with the data)");
  }
  const std::size_t bytes = static_cast<std::size_t>(images.count) * static_cast<std::size_t>(networks.pixels());
  if (images.pixels.size() != bytes) {
    throw std::invalid_argument("the images hold " + std::to_string(images.pixels.size()) + " bytes; expected " +
                                std::to_string(bytes) + " for " + std::to_string(images.count) + " of them");
  }
  const int classes = ClassLabels(labels_read(config, images)).count();
  if (networks.classes > 0 &&
      (classes != networks.classes || images.labels.size() != static_cast<std::size_t>(images.count))) {
    throw std::invalid_argument("the " + std::to_string(images.count) + " images have " +
                                std::to_string(images.labels.size()) + " labels of " + std::to_string(classes) +
                                " classes; expected a label for each, of " + std::to_string(networks.classes) +
                                " classes (classes must agree with the data)");
  }
  return config;
}

KernelSelection of_precision(KernelSelection kernels, Precision precision) {
  kernels.set_precision(precision);
  return kernels;
}

}  // namespace

struct Trainer::Impl {
  TrainingConfig config;
  KernelSelection kernels;
  Layouts layouts;
  Stream stream;
  ClassLabels class_labels;  // none where no network reads classes
  DeviceBuffer<std::uint8_t> dataset, classes;
  Arena arena;
  TrainingMemory memory;
  TrainingStep step;
  EpochPlan epoch;
  IterationGraphs graphs;
  std::array<RecordBatch, 2> batches;
  std::int64_t iteration = 0;              // enqueued
  std::int64_t generator_batches = 0;      // forward passes of the generator in training mode
  std::int64_t discriminator_batches = 0;  // the same, real and generated images each by themselves
  const IterationShape* last_shape = nullptr;
  IterationShape given_shape;
  ProfilerWindow profiler;
  std::string record;          // of the kernels of an iteration, for checkpoints
  std::string dataset_record;  // of the images, for the same
  std::string build;           // for the same
  std::string class_names;     // for the same; "" where no network reads classes

  Impl(const TrainingConfig& config_, const ImageSet& images, const KernelSelection& kernels_)
      : config(validated(config_, images)),
        kernels(of_precision(kernels_, config.precision)),
        layouts(config.networks),
        class_labels(labels_read(config, images)),
        dataset(images.pixels, stream),
        classes(class_labels.classes_of(labels_read(config, images)), stream),
        arena(training_bytes(config, layouts)),
        memory(TrainingMemory::take(arena, config, layouts)),
        step({kernels, config, layouts, memory, dataset.matrix(images.count, config.networks.pixels()),
              classes.vector()}),
        epoch(plan_epoch(config, images.count)) {
    const float deviation = config.networks.kind == NetworkKind::dcgan ? kDcganDeviation : 0;
    InitialValues generator_values{.weight_range = config.networks.generator_init, .image_deviation = deviation};
    if (config.networks.image_head == ImageHead::sigmoid) generator_values.head_bias = biases_of_marginals(images);
    initialize(memory.generator, layouts.generator, Player::generator, config.seed, stream, generator_values);
    initialize(memory.discriminator, layouts.discriminator, Player::discriminator, config.seed, stream,
               {.weight_range = config.networks.discriminator_init, .image_deviation = deviation});
    begin_average();
    set_clock({});
    graphs = IterationGraphs(step, epoch, stream);
    record = kernel_record(kernels.uses(), RecordForm::one_line);
    dataset_record = to_json(identity_of(images));
    build = build_text();
    if (config.networks.classes > 0) class_names = names_of(images);
  }

  std::string names_of(const ImageSet& images) const {
    if (!images.class_names.empty()) return class_names_json(images.class_names);
    std::vector<std::string> names;
    for (const std::uint8_t label : class_labels.labels()) names.push_back(std::to_string(label));
    return class_names_json(names);
  }

  // The average of a network that has not been trained is the network.
  void begin_average() {
    if (!memory.generator_average.weights) return;
    check(cudaMemcpyAsync(memory.generator_average.weights.data, memory.generator.weights.data,
                          memory.generator.weights.bytes(), cudaMemcpyDeviceToDevice, stream.view().get()));
  }

  // All is read and checked before anything changes.
  void load(const TensorFile& file, std::int64_t at_iteration) {
    const NetworkValues generator =
        read_network(file, kGeneratorPrefix, layouts.generator, NetworkPart::everything, config.optimizer.kind);
    const NetworkValues discriminator =
        read_network(file, kDiscriminatorPrefix, layouts.discriminator, NetworkPart::everything, config.optimizer.kind);
    std::optional<NetworkValues> average;
    if (memory.generator_average.weights) {
      average = read_network(file, kAveragePrefix, layouts.generator, NetworkPart::weights);
    }
    upload_network(generator, memory.generator, stream);
    upload_network(discriminator, memory.discriminator, stream);
    if (average) upload_network(*average, memory.generator_average, stream);
    generator_batches = generator.batches_tracked;
    discriminator_batches = discriminator.batches_tracked;
    iteration = at_iteration;
    set_clock(clock_at(iteration));
  }

  std::int64_t image_count() const { return static_cast<std::int64_t>(dataset.size()) / config.networks.pixels(); }

  // Of both networks.
  void append_networks(TensorFile& file, NetworkPart part) const {
    append_network(file, kGeneratorPrefix, layouts.generator, memory.generator, part, generator_batches, stream);
    append_network(file, kDiscriminatorPrefix, layouts.discriminator, memory.discriminator, part, discriminator_batches,
                   stream);
  }

  void set_clock(const TrainingClock& clock) {
    check(cudaMemcpyAsync(memory.clock.data, &clock, sizeof clock, cudaMemcpyHostToDevice, stream.view().get()));
    stream.synchronize();
  }

  TrainingClock clock_at(std::int64_t i) const {
    const std::int64_t images = std::int64_t{config.batch_size} * config.discriminator_steps;
    return {static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(i / epoch.iterations),
            static_cast<std::uint64_t>(i % epoch.iterations * images)};
  }

  const IterationShape& shape_of(std::int64_t i) const {
    return i % epoch.iterations == epoch.iterations - 1 ? epoch.last : epoch.full;
  }

  void count_iteration(const IterationShape& shape) {
    last_shape = &shape;
    ++iteration;
    const bool shared = config.order != UpdateOrder::discriminator_first;  // one batch serves both players
    const auto steps = static_cast<std::int64_t>(shape.size());
    generator_batches += steps + (shared ? 0 : 1);
    discriminator_batches += 2 * steps + (shared ? 0 : 1);
  }

  std::string iteration_range(std::int64_t count = 1) const {
    const std::string first = std::to_string(iteration);
    return count == 1 ? "iteration " + first : "iterations " + first + " to " + std::to_string(iteration + count - 1);
  }

  bool can_enqueue_many(std::int64_t count) const {
    return count >= IterationGraphs::kMany && graphs.has_many(iteration) &&
           !profiler.touches(iteration, iteration + IterationGraphs::kMany);
  }

  void enqueue_iterations(std::int64_t count) {
    while (count > 0) {
      const std::int64_t enqueued = can_enqueue_many(count) ? IterationGraphs::kMany : 1;
      if (enqueued > 1) {
        const Range range(iteration_range(enqueued));
        graphs.launch_many(stream);
        for (std::int64_t i = 0; i < enqueued; ++i) count_iteration(epoch.full);
      } else {
        enqueue_iteration();
      }
      count -= enqueued;
    }
  }

  void enqueue_iteration(Gradients gradients = Gradients::used_up) {
    const IterationShape& shape = shape_of(iteration);
    const bool profiled = profiler.enter(iteration, stream);
    {
      const Range range(iteration_range());
      if (profiled || gradients == Gradients::kept) {
        step.enqueue(shape, Inputs::drawn, stream, gradients);
      } else {
        graphs.launch(shape == epoch.full, stream);
      }
    }
    profiler.leave(iteration, stream);
    count_iteration(shape);
  }

  std::vector<RangeTime> time_iteration() {
    const IterationShape& shape = shape_of(iteration);
    const Range range(iteration_range());
    const RangeTimer timer(stream);
    StreamHold hold(stream);
    step.enqueue(shape, Inputs::drawn, stream);
    hold.release();
    stream.synchronize();
    count_iteration(shape);
    if (hold.has_expired()) throw std::runtime_error("the host took more than ten seconds to enqueue an iteration");
    return timer.times();
  }

  void enqueue_records(RecordBatch& batch, std::int64_t count) { batch.enqueue(memory, iteration, count, stream); }

  static void deliver(const RecordBatch& batch, const OnStats& on_stats) {
    const std::vector<IterationStats> stats = batch.wait();
    if (on_stats) on_stats(stats);
  }
};

Trainer::Trainer(const TrainingConfig& config, const ImageSet& images, const KernelSelection& kernels)
    : impl_(std::make_unique<Impl>(config, images, kernels)) {}
Trainer::~Trainer() = default;
Trainer::Trainer(Trainer&&) noexcept = default;

const TrainingConfig& Trainer::config() const {
  return impl_->config;
}
const ClassLabels& Trainer::class_labels() const {
  return impl_->class_labels;
}
const KernelSelection& Trainer::kernels() const {
  return impl_->kernels;
}
std::int64_t Trainer::iteration() const {
  return impl_->iteration;
}
std::int64_t Trainer::iterations_per_epoch() const {
  return impl_->epoch.iterations;
}
std::size_t Trainer::device_bytes() const {
  return impl_->arena.bytes() + impl_->dataset.bytes() + impl_->classes.bytes();
}
std::size_t Trainer::kernels_per_iteration() const {
  return impl_->graphs.nodes();
}

void Trainer::run(std::int64_t count, const OnStats& on_stats, const ShouldStop& should_stop) {
  using Clock = std::chrono::steady_clock;
  Impl& self = *impl_;
  std::int64_t batch_size = 1;
  std::size_t next = 0;
  RecordBatch* pending = nullptr;
  Clock::time_point delivered = Clock::now();
  while (count > 0 && !(should_stop && should_stop())) {
    RecordBatch& batch = self.batches[next];
    next ^= 1;
    const std::int64_t enqueued = std::min(batch_size, count);
    self.enqueue_iterations(enqueued);
    self.enqueue_records(batch, enqueued);
    count -= enqueued;
    if (pending) {  // while this batch runs, look at the one before
      Impl::deliver(*pending, on_stats);
      if (Clock::now() - delivered < kBatchTime) batch_size = std::min(2 * batch_size, RecordBatch::kMost);
      delivered = Clock::now();
    }
    pending = &batch;
  }
  if (pending) Impl::deliver(*pending, on_stats);
  self.stream.synchronize();
}

void Trainer::profile(std::int64_t begin, std::int64_t end) {
  impl_->profiler.set(begin, end, impl_->stream);
}

std::vector<RangeTime> Trainer::run_timed() {
  return impl_->time_iteration();
}

UpdateNorms Trainer::run_measured(const OnStats& on_stats, bool keep_gradients) {
  Impl& self = *impl_;
  const auto generator = download(self.memory.generator.parameters, self.stream.view());
  const auto discriminator = download(self.memory.discriminator.parameters, self.stream.view());
  self.enqueue_iteration(keep_gradients ? Gradients::kept : Gradients::used_up);
  self.enqueue_records(self.batches[0], 1);
  Impl::deliver(self.batches[0], on_stats);
  return {relative_change(generator, download(self.memory.generator.parameters, self.stream.view())),
          relative_change(discriminator, download(self.memory.discriminator.parameters, self.stream.view()))};
}

IterationStats Trainer::run_given(const GivenInputs& inputs) {
  Impl& self = *impl_;
  const NetworkConfig& networks = self.config.networks;
  const auto latent_dim = static_cast<std::size_t>(networks.latent_dim);
  const auto pixels = static_cast<std::size_t>(networks.pixels());
  const std::size_t batch = inputs.latents.size() / latent_dim;
  if (batch == 0 || batch > static_cast<std::size_t>(self.config.batch_size) ||
      inputs.latents.size() != batch * latent_dim || inputs.real_images.size() != batch * pixels) {
    throw std::invalid_argument("run_given: expected as many rows of latents as of images, 1 to " +
                                std::to_string(self.config.batch_size));
  }
  if (networks.classes > 0) {
    require_classes(inputs.real_labels, batch, networks.classes, "the real images");
    require_classes(inputs.generated_labels, batch, networks.classes, "the generated images");
  }
  self.step.give(inputs, self.stream);
  self.given_shape = IterationShape(static_cast<std::size_t>(self.config.discriminator_steps), static_cast<int>(batch));
  {
    const Range range(self.iteration_range());
    self.step.enqueue(self.given_shape, Inputs::given, self.stream, Gradients::kept);
  }
  self.count_iteration(self.given_shape);
  RecordBatch& batch_of_one = self.batches[0];
  self.enqueue_records(batch_of_one, 1);
  self.set_clock(
      self.clock_at(self.iteration));  // whatever the size of the given batch, the dataset goes on as planned
  return batch_of_one.wait().front();
}

FloatImages Trainer::generate(std::span<const float> latents, BatchStatistics statistics) const {
  const Impl& self = *impl_;
  const NetworkState& average = self.memory.generator_average;
  return generate_images(self.kernels, self.config.networks, self.layouts.generator,
                         average.weights ? average : self.memory.generator, latents, statistics, self.stream);
}

std::vector<float> Trainer::judge(std::span<const float> images, std::span<const std::uint8_t> labels) const {
  const Impl& self = *impl_;
  return judge_images(self.kernels, self.config.networks, self.layouts.discriminator, self.memory.discriminator, images,
                      labels, self.stream);
}

FloatImages Trainer::last_generated(int count) const {
  const Impl& self = *impl_;
  const int there = self.last_shape ? last_images(self.config, *self.last_shape).generated : 0;
  if (count < 1 || count > there) {
    throw std::invalid_argument("last_generated: " + std::to_string(count) + " images asked for, there are " +
                                std::to_string(there));
  }
  const NetworkConfig& networks = self.config.networks;
  return {count,
          networks.channels,
          networks.image_size,
          networks.image_size,
          self.step.generated(*self.last_shape, count, self.stream),
          networks.image_range()};
}

std::map<std::string, std::string> Trainer::metadata() const {
  const Impl& self = *impl_;
  std::map<std::string, std::string> metadata = {{"format", "duel checkpoint 1"},
                                                 {kConfigKey, to_json(self.config)},
                                                 {"kernels", self.record},
                                                 {"build", self.build},
                                                 {kDatasetKey, self.dataset_record}};
  if (!self.class_names.empty()) metadata[kClassesKey] = self.class_names;
  return metadata;
}

TensorFile Trainer::state() const {
  const Impl& self = *impl_;
  TensorFile file;
  file.metadata = metadata();
  self.append_networks(file, NetworkPart::everything);
  if (self.memory.generator_average.weights) {
    append_network(file, kAveragePrefix, self.layouts.generator, self.memory.generator_average, NetworkPart::weights,
                   self.generator_batches, self.stream);
  }
  append_integers(file, "iteration", {self.iteration});
  append_integers(file, "images", {self.image_count()});
  return file;
}

TensorFile Trainer::weights() const {
  TensorFile file;
  impl_->append_networks(file, NetworkPart::weights);
  return file;
}

std::vector<DeviceTensor> Trainer::device_tensors() const {
  const Impl& self = *impl_;
  const TrainingMemory& memory = self.memory;
  std::vector<DeviceTensor> tensors;
  append_weights_on_device(tensors, kGeneratorPrefix, self.layouts.generator, memory.generator);
  append_weights_on_device(tensors, kDiscriminatorPrefix, self.layouts.discriminator, memory.discriminator);
  if (memory.generator_average.weights) {
    append_weights_on_device(tensors, kAveragePrefix, self.layouts.generator, memory.generator_average);
  }
  const std::int64_t channels = self.config.networks.channels, side = self.config.networks.image_size;
  const std::vector<std::int64_t> shape = {self.image_count(), channels, side, side};
  tensors.push_back({"images", DType::u8, shape, row_major_strides(shape), self.dataset.data()});
  if (self.last_shape) {
    const LastImages last = last_images(self.config, *self.last_shape);
    const Matrix<float> columns = memory.activations.for_batch(last.real, last.generated).images;
    const std::int64_t pixel = columns.columns;
    tensors.push_back({"generated",
                       DType::f32,
                       {last.generated, channels, side, side},
                       {1, side * side * pixel, side * pixel, pixel},
                       columns.data + last.real});
  }
  return tensors;
}

TensorFile Trainer::gradients() const {
  TensorFile file;
  impl_->append_networks(file, NetworkPart::gradients);
  return file;
}

void Trainer::load_state(const TensorFile& file) {
  Impl& self = *impl_;
  const std::int64_t iteration = find_counter(file, "iteration");
  const std::int64_t images = find_integers(file, "images", 1)[0];
  if (images != self.image_count()) {
    throw DataError("the checkpoint was trained on " + std::to_string(images) + " images, here are " +
                    std::to_string(self.image_count()) + "; continue with the same dataset");
  }
  self.load(file, iteration);
  self.last_shape = nullptr;
}

bool Trainer::load_weights(const TensorFile& file) {
  Impl& self = *impl_;
  if (self.iteration != 0) throw std::logic_error("load_weights: the training has begun");
  const auto read = [&](const char* prefix, const NetworkLayout& layout) {
    return read_network(file, prefix, layout, NetworkPart::weights);
  };
  const NetworkValues generator = read(kGeneratorPrefix, self.layouts.generator);
  std::optional<NetworkValues> discriminator;
  if (has_discriminator(file)) discriminator = read(kDiscriminatorPrefix, self.layouts.discriminator);
  upload_network(generator, self.memory.generator, self.stream);
  if (discriminator) upload_network(*discriminator, self.memory.discriminator, self.stream);
  self.generator_batches = generator.batches_tracked;
  self.begin_average();
  self.stream.synchronize();
  return discriminator.has_value();
}

void Trainer::roll_back(const TensorFile& file) {
  impl_->load(file, impl_->iteration);
}

std::size_t planned_device_bytes(const TrainingConfig& config, std::int64_t images) {
  const int bytes_of_image = config.networks.pixels() + (config.networks.classes > 0 ? 1 : 0);
  return training_bytes(config, Layouts(config.networks)) + static_cast<std::size_t>(images) * bytes_of_image;
}

}  // namespace duel
