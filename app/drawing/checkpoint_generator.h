// The generator of a checkpoint, as the commands that draw from one use it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/drawing/generator_file.h"
#include "app/settings/options.h"
#include "engine/io/data_identity.h"
#include "engine/networks/generator.h"

namespace duel::app {

class CheckpointGenerator {
 public:
  /// Reads the checkpoint, selects the device and the kernels. Says warnings on standard error. `options` must outlive
  /// the object. Throws DataError that names the file, CudaError; UsageError, also for a class that it does not know.
  explicit CheckpointGenerator(const GeneratorOptions& options);
  /// Of a checkpoint that has been read.
  CheckpointGenerator(const GeneratorOptions& options, const GeneratorFile& checkpoint);

  const std::string& file() const { return file_; }
  const std::optional<DataIdentity>& trained_on() const { return trained_on_; }
  const NetworkConfig& networks() const { return networks_; }
  const KernelSelection& kernels() const { return generator_->kernels(); }

  /// Of a conditional generator, those that the options ask for; else none.
  const std::vector<std::uint8_t>& classes() const { return classes_; }
  /// Of `count` images, `each` of one of these classes after another, then the next one's, over and over.
  std::vector<std::uint8_t> classes_in_rows(int count, int each) const;
  /// Latents [count, generator_inputs] as the networks were trained with, from the options' seed, of those classes.
  std::vector<float> draw_latents(int count, std::span<const std::uint8_t> classes) const;
  /// G(z) with the options' statistics. Throws UsageError where a kernel that somebody named supports no such case,
  /// DataError where the images are not finite.
  FloatImages generate(std::span<const float> latents) const;

 private:
  void take(const GeneratorFile& checkpoint, KernelSelection& kernels);

  const GeneratorOptions& options_;
  std::string file_;
  std::optional<DataIdentity> trained_on_;
  NetworkConfig networks_;
  std::vector<std::uint8_t> classes_;
  std::optional<Generator> generator_;
};

}  // namespace duel::app
