// Times whole training iterations on request, so that another program can be measured in turn on the same cores.
//
// Prints "ready IMAGES FOLDER", then obeys the lines of standard input:
//   run N   runs N iterations; prints "SECONDS DISCRIMINATOR_LOSS GENERATOR_LOSS", the losses of the last one
//   quit    ends, as the end of the input does
#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include "app/data/dataset_places.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/configuration/config_names.h"
#include "engine/configuration/game.h"
#include "engine/io/idx.h"
#include "engine/training/trainer.h"
#include "files/program.h"
#include "files/text.h"
#include "kernels/runtime/device.h"
#include "tools/parse_arguments.h"

namespace {

constexpr std::int64_t kMostIterations = 1'000'000'000;

struct Options {
  std::optional<std::string> data;
  std::string device = "auto";
  int threads = 0;
  int batch_size = 64;
  std::string networks = "mlp", game = "gan", step = "fused", precision = "fp32";
};

/// N of "run N".
std::int64_t iterations_of(const std::string& line) {
  const std::string verb = "run ";
  std::int64_t count = 0;
  if (line.starts_with(verb)) {
    const char* end = line.data() + line.size();
    const auto [rest, error] = std::from_chars(line.data() + verb.size(), end, count);
    if (error == std::errc() && rest == end && count >= 1 && count <= kMostIterations) return count;
  }
  throw std::invalid_argument("expected 'run N' with N from 1 to " + std::to_string(kMostIterations) +
                              ", or 'quit', found " + duel::in_quotes(line));
}

void run_and_report(duel::Trainer& trainer, std::int64_t iterations) {
  duel::IterationStats last{};
  const auto start = std::chrono::steady_clock::now();
  trainer.run(iterations, [&](std::span<const duel::IterationStats> stats) {
    if (!stats.empty()) last = stats.back();
  });
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  std::printf("%.9f %.6f %.6f\n", time.count(), last.discriminator_loss, last.generator_loss);
  std::fflush(stdout);
}

void obey_input(const Options& options) {
  duel::select_device(options.device, options.threads);
  const std::filesystem::path folder = duel::app::find_dataset(
      duel::app::mnist_gan(), options.data ? std::optional<std::filesystem::path>(*options.data) : std::nullopt);
  const duel::ImageSet images = duel::read_idx_folder(folder, duel::Split::train);
  duel::TrainingConfig config;
  config.networks = duel::with_networks(duel::parse_name<duel::NetworkKind>(options.networks), config.networks);
  config = duel::playing(duel::parse_name<duel::GameKind>(options.game), config);
  config.batch_size = options.batch_size;
  config.step = duel::parse_name<duel::StepKind>(options.step);
  config.precision = duel::parse_name<duel::Precision>(options.precision);
  duel::Trainer trainer(config, images);
  std::printf("ready %d %s\n", images.count, folder.c_str());
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line) && line != "quit";) run_and_report(trainer, iterations_of(line));
}

int run_command_line(int argc, char** argv) {
  CLI::App app(
      "Example: echo 'run 100' | iteration_time --batch-size 64\n\n"
      "Obeys lines 'run N' on standard input: trains N iterations with the published script's settings and prints\n"
      "the seconds taken and the last losses (discriminator, generator).",
      "iteration_time");
  Options options;
  app.add_option("--data", options.data, "Folder of IDX files (default: where mnist_gan looks)");
  app.add_option("--networks", options.networks, "mlp or dcgan")->capture_default_str();
  app.add_option("--game", options.game, "gan, lsgan, hinge, wgan or wgan_gp")->capture_default_str();
  app.add_option("--batch-size", options.batch_size, "Images a batch")->capture_default_str();
  app.add_option("--step", options.step, "fused or plain")->capture_default_str();
  app.add_option("--precision", options.precision, "of the factors of products: fp32, tf32, bf16 or fp16")
      ->capture_default_str();
  app.add_option("--threads", options.threads, "Worker threads of the CPU device, 0 = all cores")
      ->capture_default_str();
  app.add_option("--device", options.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  if (const auto code = duel::parse_arguments(app, argc, argv)) return *code;
  try {
    obey_input(options);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "iteration_time: " << error.what() << "\n";
    return 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  return duel::run_program("iteration_time", [&] { return run_command_line(argc, argv); });
}
