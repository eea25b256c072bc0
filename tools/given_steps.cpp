// Runs training iterations on given weights, latents and images and writes what they computed, for comparison with
// other implementations.
//
// Input (safetensors, F32 unless noted): the networks' tensors under PyTorch's names with "generator." or
// "discriminator." before them (those not given start as in training); "latents" [iterations, batch, latent_dim];
// "real_images" [iterations, batch, pixels] in the generator's range; where both networks read classes, "real_labels"
// and "generated_labels" I64 [iterations, batch] of these images and of those to generate; "rows" I64 [iterations], the
// rows that each iteration takes. Schedules take every iteration for an epoch.
//
// Output, files of a folder:
//   stats.safetensors      "iteration_stats" [iterations, 4]: discriminator loss, generator loss, mean D(x),
//                          mean D(G(z))
// and for every N asked for, 0 being the start:
//   after_N.safetensors    the checkpoint after N iterations
//   made_by_N.safetensors  what iteration N computed on the way: "gradients.NAME", "generated_images" [rows, channels,
//                          height, width]; not for 0
//   made_by_N.png          the first 25 of those images as the published script saves them; not for 0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "apps/mnist_gan/mnist_gan.h"
#include "engine/configuration/config_json.h"
#include "engine/configuration/game.h"
#include "engine/io/png.h"
#include "engine/io/safetensors.h"
#include "engine/networks/latents.h"
#include "engine/training/trainer.h"
#include "files/output_file.h"
#include "files/program.h"
#include "files/text.h"
#include "kernels/runtime/device.h"
#include "tools/parse_arguments.h"

namespace {

using duel::DataError;
using duel::DType;
using duel::Tensor;
using duel::TensorFile;

struct Options {
  std::string input;
  std::filesystem::path output;
  std::vector<std::int64_t> states_after;
  std::string preset = "blog", game = "preset", settings = "{}";
  std::string device = "auto";
  int threads = 0;
};

const Tensor& find(const TensorFile& file, const std::string& name, DType type, std::size_t rank) {
  const Tensor* tensor = file.find(name);
  if (!tensor) throw DataError("tensor " + duel::in_quotes(name) + " is missing");
  if (tensor->type != type || tensor->shape.size() != rank) {
    throw DataError("tensor " + duel::in_quotes(name) + ": expected " + std::to_string(rank) + " dimension(s) of " +
                    (type == DType::f32 ? "F32" : "I64") + ", found " + std::to_string(tensor->shape.size()) +
                    " dimension(s) or another type");
  }
  return *tensor;
}

/// Inputs of all iterations.
struct GivenBatches {
  std::int64_t iterations = 0, batch_size = 0;
  std::vector<std::int64_t> rows;                           ///< [iterations], each 1..batch_size
  std::vector<float> latents;                               ///< [iterations, batch_size, latent_dim]
  std::vector<float> real_images;                           ///< [iterations, batch_size, pixels]
  std::vector<std::uint8_t> real_labels, generated_labels;  ///< [iterations, batch_size]; none without classes

  /// The first rows[iteration] rows of that iteration.
  duel::GivenInputs of(std::int64_t iteration) const {
    return {rows_of(latents, iteration), rows_of(real_images, iteration), rows_of(real_labels, iteration),
            rows_of(generated_labels, iteration)};
  }

 private:
  template <class T>
  std::span<const T> rows_of(const std::vector<T>& all, std::int64_t iteration) const {
    if (all.empty()) return {};
    const std::size_t width = all.size() / static_cast<std::size_t>(iterations * batch_size);
    const auto i = static_cast<std::size_t>(iteration);
    return std::span(all).subspan(i * static_cast<std::size_t>(batch_size) * width,
                                  static_cast<std::size_t>(rows[i]) * width);
  }
};

std::vector<std::uint8_t> labels_of(const TensorFile& file, const std::string& name, std::int64_t iterations,
                                    std::int64_t batch, int classes) {
  if (classes == 0) return {};
  const Tensor& tensor = find(file, name, DType::i64, 2);
  if (tensor.shape != std::vector{iterations, batch}) {
    throw DataError("tensor " + duel::in_quotes(name) + ": expected shape [" + std::to_string(iterations) + ", " +
                    std::to_string(batch) + "], as latents have it");
  }
  std::vector<std::uint8_t> labels;
  for (const std::int64_t label : values_of<std::int64_t>(tensor)) {
    if (label < 0 || label >= classes) {
      throw DataError("tensor " + duel::in_quotes(name) + " holds " + std::to_string(label) + "; expected 0 to " +
                      std::to_string(classes - 1));
    }
    labels.push_back(static_cast<std::uint8_t>(label));
  }
  return labels;
}

GivenBatches batches_of(const TensorFile& file, const duel::NetworkConfig& networks) {
  const Tensor& latents = find(file, "latents", DType::f32, 3);
  const Tensor& images = find(file, "real_images", DType::f32, 3);
  const Tensor& rows = find(file, "rows", DType::i64, 1);
  GivenBatches batches{latents.shape[0],
                       latents.shape[1],
                       values_of<std::int64_t>(rows),
                       values_of<float>(latents),
                       values_of<float>(images),
                       {},
                       {}};
  const std::int64_t n = batches.iterations, batch = batches.batch_size;
  using Shape = std::vector<std::int64_t>;
  if (n < 1 || batch < 1 || batch > 65536 || latents.shape != Shape{n, batch, networks.latent_dim} ||
      images.shape != Shape{n, batch, networks.pixels()} || rows.shape != Shape{n}) {
    throw DataError("expected latents [n, batch, " + std::to_string(networks.latent_dim) +
                    "], real_images [n, batch, " + std::to_string(networks.pixels()) + "] and rows [n]");
  }
  for (const std::int64_t count : batches.rows) {
    if (count < 1 || count > batch) {
      throw DataError("tensor 'rows' holds " + std::to_string(count) + "; expected 1 to " + std::to_string(batch));
    }
  }
  batches.real_labels = labels_of(file, "real_labels", n, batch, networks.classes);
  batches.generated_labels = labels_of(file, "generated_labels", n, batch, networks.classes);
  return batches;
}

duel::Trainer make_trainer(const TensorFile& input, duel::TrainingConfig config, std::int64_t batch_size) {
  config.batch_size = static_cast<int>(batch_size);
  const int size = config.networks.image_size;
  const int count = std::max(config.batch_size, config.networks.classes);
  duel::ImageSet blank{count, size, size, config.networks.channels, {}, {}};  // never used
  blank.pixels.resize(static_cast<std::size_t>(blank.count) * static_cast<std::size_t>(config.networks.pixels()));
  blank.labels = duel::classes_in_turn(blank.count, config.networks.classes);
  duel::Trainer trainer(config, blank);
  TensorFile state = trainer.state();
  for (Tensor& tensor : state.tensors) {
    if (const Tensor* given = input.find(tensor.name)) tensor = *given;
  }
  trainer.load_state(state);
  return trainer;
}

void append_floats(TensorFile& file, std::string name, std::vector<std::int64_t> shape, std::span<const float> values) {
  const auto bytes = std::as_bytes(values);
  file.tensors.push_back({std::move(name), DType::f32, std::move(shape), {bytes.begin(), bytes.end()}});
}

/// Gradients, images and the picture of the last iteration, which had so many rows.
void write_made(const std::filesystem::path& base, const duel::Trainer& trainer, int rows) {
  TensorFile made = trainer.gradients();
  for (Tensor& tensor : made.tensors) tensor.name = "gradients." + tensor.name;
  const duel::FloatImages all = trainer.last_generated(rows), first = trainer.last_generated(std::min(rows, 25));
  append_floats(made, "generated_images", {all.count, all.channels, all.height, all.width}, all.values);
  duel::write_safetensors(base.string() + ".safetensors", made);
  duel::write_png(base.string() + ".png",
                  duel::image_grid(first.values, first.count, first.channels, first.height, first.width, 5));
}

void write_state(const Options& options, const duel::Trainer& trainer, int rows) {
  const std::string number = std::to_string(trainer.iteration());
  if (std::ranges::find(options.states_after, trainer.iteration()) == options.states_after.end()) return;
  duel::write_safetensors(options.output / ("after_" + number + ".safetensors"), trainer.state());
  if (rows > 0) write_made(options.output / ("made_by_" + number), trainer, rows);
}

void run(const TensorFile& input, const Options& options) {
  const duel::TrainingConfig preset = duel::app::preset(duel::app::mnist_gan(), options.preset).training;
  auto settings =
      nlohmann::json::parse(duel::to_json(duel::playing(duel::parse_name<duel::GameKind>(options.game), preset)));
  settings.update(nlohmann::json::parse(options.settings));
  const duel::TrainingConfig config = duel::config_from_json(settings.dump());
  const GivenBatches batches = batches_of(input, config.networks);
  duel::Trainer trainer = make_trainer(input, config, batches.batch_size);
  write_state(options, trainer, 0);
  std::vector<float> stats;
  for (std::int64_t i = 0; i < batches.iterations; ++i) {
    const duel::IterationStats now = trainer.run_given(batches.of(i));
    stats.insert(stats.end(), {now.discriminator_loss, now.generator_loss, now.d_real, now.d_fake});
    write_state(options, trainer, static_cast<int>(batches.rows[static_cast<std::size_t>(i)]));
  }
  TensorFile output;
  append_floats(output, "iteration_stats", {batches.iterations, 4}, stats);
  duel::write_safetensors(options.output / "stats.safetensors", output);
}

/// Before the work: the folder takes files, and has none of these names.
void check_outputs(const Options& options) {
  std::vector<std::string> names = {"stats.safetensors"};
  for (const std::int64_t iteration : options.states_after) {
    const std::string number = std::to_string(iteration);
    names.insert(names.end(), {"after_" + number + ".safetensors", "made_by_" + number + ".safetensors",
                               "made_by_" + number + ".png"});
  }
  for (const std::string& name : names) duel::OutputFile("output", options.output / name, "");
}

void run_file(const Options& options) {
  check_outputs(options);
  const TensorFile input = duel::read_safetensors(options.input);
  try {
    run(input, options);
  } catch (const DataError& error) {
    throw DataError(options.input + ": " + error.what());
  }
}

int run_command_line(int argc, char** argv) {
  CLI::App app(
      "Example: given_steps given.safetensors FOLDER --states-after 1,10\n\n"
      "Runs training iterations on the weights, latents and images of a file and writes losses, gradients and states.\n"
      "The head of given_steps.cpp describes all files; tools/compare_pytorch writes the one and reads the others.",
      "given_steps");
  Options options;
  app.add_option("input", options.input, "safetensors file to read")->required();
  app.add_option("output", options.output, "existing folder to write to")->required();
  app.add_option("--states-after", options.states_after, "Iterations (0: the start) after which to write the state")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--preset", options.preset, "of mnist_gan")->capture_default_str();
  app.add_option("--game", options.game, "as mnist_gan's option")->capture_default_str();
  app.add_option("--settings", options.settings, "as checkpoints have them, in JSON: those that are not the preset's")
      ->capture_default_str();
  app.add_option("--threads", options.threads, "Worker threads of the CPU device, 0 = all cores")
      ->capture_default_str();
  app.add_option("--device", options.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  if (const auto code = duel::parse_arguments(app, argc, argv)) return *code;
  try {
    duel::select_device(options.device, options.threads);
    run_file(options);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "given_steps: " << error.what() << "\n";
    return 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  return duel::run_program("given_steps", [&] { return run_command_line(argc, argv); });
}
