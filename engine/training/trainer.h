// Public. Trains a generator and a discriminator against each other. All state lives on the device; the host enqueues
// whole iterations as graphs and reads statistics back in batches, asynchronously.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/configuration/config.h"
#include "engine/data/class_labels.h"
#include "engine/io/idx.h"
#include "engine/io/safetensors.h"
#include "engine/measure/range_timer.h"
#include "engine/networks/device_tensor.h"
#include "engine/networks/generator.h"
#include "engine/training/convergence.h"
#include "engine/training/given_inputs.h"
#include "kernels/kernel_selection.h"

namespace duel {

/// What one iteration reports. Means are over the batch of the (last) discriminator step.
struct IterationStats {
  std::int64_t iteration;    ///< counted from 0
  float discriminator_loss;  ///< mean over the real and over the generated images, halved each
  float generator_loss;
  float d_real;       ///< mean D(x)
  float d_fake;       ///< mean D(G(z))
  float penalty = 0;  ///< of D's gradients, weighted, mean over the batch; it is in discriminator_loss
};

class Trainer {
 public:
  /// Initialises both networks from config.seed and moves the images to the device.
  /// Throws std::invalid_argument for a bad configuration, images of another size, without the labels that networks
  /// with classes need, or a chosen kernel that does not support a case; CudaError.
  Trainer(const TrainingConfig& config, const ImageSet& images, const KernelSelection& kernels = {});
  ~Trainer();
  Trainer(Trainer&&) noexcept;

  const TrainingConfig& config() const;
  /// Which labels of the images are which classes; none where no network reads classes.
  const ClassLabels& class_labels() const;
  /// The selection, with what it decided so far; at first those are the kernels of an iteration.
  const KernelSelection& kernels() const;
  std::int64_t iteration() const;             ///< iterations done
  std::int64_t iterations_per_epoch() const;  ///< the last batch of an epoch may be smaller
  std::size_t device_bytes() const;           ///< device memory of this trainer, the dataset included
  /// Nodes of the graph of a full iteration; where the images are too few for one, of the only one there is.
  std::size_t kernels_per_iteration() const;

  using OnStats = std::function<void(std::span<const IterationStats>)>;
  using ShouldStop = std::function<bool()>;
  /// Runs `count` iterations, or fewer where should_stop() says so between two batches of iterations. on_stats
  /// sees every iteration once, in order, while later ones are running. Returns when all enqueued work is done.
  void run(std::int64_t count, const OnStats& on_stats = {}, const ShouldStop& should_stop = {});

  /// Iterations begin to end - 1, counted from 0, are for a profiler: run() calls cudaProfilerStart before and
  /// cudaProfilerStop after them, and enqueues them kernel by kernel instead of as graphs, so that every kernel lies in
  /// its named ranges. Results are the same bits. Where training ends within the window, the trainer's destructor stops
  /// the profiler. Throws std::invalid_argument unless 0 <= begin < end.
  void profile(std::int64_t begin, std::int64_t end);

  /// One iteration, enqueued kernel by kernel, and how long the kernels of each innermost named range took, in their
  /// order: a level of the fused step, or an op of the plain one. Kernels start when all are enqueued, so no time of
  /// the host is among them. The result is the same bits as run(1)'s. Throws std::runtime_error where the host needs
  /// more than ten seconds to enqueue an iteration.
  std::vector<RangeTime> run_timed();

  /// run(1), and how far it moved each network. Copies both networks to the host before and after it. The result is the
  /// same bits where the gradients are kept, for gradients().
  UpdateNorms run_measured(const OnStats& on_stats = {}, bool keep_gradients = false);

  /// One iteration on inputs that the caller gives, with batch <= batch_size: for comparisons with other
  /// implementations. Throws std::invalid_argument for other sizes, and for a label of no class.
  IterationStats run_given(const GivenInputs& inputs);

  /// G(z) for latents [count, generator_inputs] (with_classes() of engine/networks/latents.h), with the average of G's
  /// weights where the configuration asks for one. Never changes the training state.
  FloatImages generate(std::span<const float> latents, BatchStatistics statistics) const;
  /// D's scores of images [count, pixels] in the generator's range and, where it reads classes, theirs [count].
  /// Never changes the training state. Throws std::invalid_argument for no image or a partial one, and for another
  /// number of classes.
  std::vector<float> judge(std::span<const float> images, std::span<const std::uint8_t> classes = {}) const;
  /// The first `count` generated images of the last iteration; throws std::invalid_argument before the first one
  /// or where the batch had fewer.
  FloatImages last_generated(int count) const;

  /// Parameters, optimizer moments, running statistics and counters under PyTorch's names: the whole state. Its
  /// metadata say which configuration, kernels (engine/tuning/kernel_record.h) and images (engine/io/data_identity.h)
  /// made it.
  TensorFile state() const;
  std::map<std::string, std::string> metadata() const;  ///< of state()
  /// Both networks' parameters and running statistics, under their names in state().
  TensorFile weights() const;
  /// What lies on the device: all weights under their names in state(), "images", those that it trains on, u8
  /// [count, channels, height, width], and where an iteration has run "generated", the images that it generated last,
  /// f32 of the same form. The memory is the trainer's, and nothing writes it between calls; "generated" lies
  /// elsewhere after an iteration of another batch size.
  std::vector<DeviceTensor> device_tensors() const;
  /// The gradients of the last iteration, under the parameters' names; the fused step keeps those of run_given() and
  /// run_measured() only.
  TensorFile gradients() const;
  /// Continues from such a state. Throws DataError, and changes nothing, where a tensor is missing, of another shape or
  /// no state of a training (read_network of engine/networks/state_file.h says what is none).
  void load_state(const TensorFile& file);
  /// Begins anew with the weights of such a state, running statistics included: the generator's, and the
  /// discriminator's where the file has any; whether it has. Optimizers, counters and the average begin as always.
  /// Throws as load_state; std::logic_error after the first iteration.
  bool load_weights(const TensorFile& file);
  /// Returns to the networks and optimizers of such a state, but not to its time: latents and images go on, so that
  /// they are others than those that followed it then; last_generated() still has its images. Throws as load_state.
  void roll_back(const TensorFile& file);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Device memory that a trainer of this configuration takes for `images` images, bytes. Needs no device.
std::size_t planned_device_bytes(const TrainingConfig& config, std::int64_t images);

}  // namespace duel
