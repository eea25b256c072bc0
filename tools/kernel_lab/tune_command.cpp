#include <CLI/CLI.hpp>
#include <algorithm>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <stdexcept>

#include "engine/configuration/config_json.h"
#include "engine/configuration/config_names.h"
#include "engine/io/checkpoint_path.h"
#include "engine/io/json_text.h"
#include "engine/io/safetensors.h"
#include "engine/networks/state_file.h"
#include "engine/tuning/tuning_cache.h"
#include "files/atomic_file.h"
#include "files/cache_folder.h"
#include "files/time_text.h"
#include "tools/kernel_lab/number_options.h"
#include "tools/kernel_lab/tune.h"

namespace duel::lab {
namespace {

constexpr std::int64_t kMnistImages = 60000;

constexpr const char* kRuns = "runs";  // where mnist_gan train puts its runs

struct Training {
  TrainingConfig config;
  std::int64_t images = kMnistImages;
};

Training read_checkpoint(const std::filesystem::path& file) {
  const TensorFile checkpoint = read_safetensors(file);
  const auto text = checkpoint.metadata.find("config");
  if (text == checkpoint.metadata.end()) {
    throw DataError(file.string() + ": the metadata lack the key 'config'; expected a checkpoint of mnist_gan train");
  }
  try {
    return {config_from_json(text->second), find_integers(checkpoint, "images", 1)[0]};
  } catch (const DataError& error) {
    throw DataError(file.string() + ": " + error.what());
  }
}

/// `checkpoint`: of asked.checkpoint; empty: none.
Training resolve(const TuneTraining& asked, const std::filesystem::path& checkpoint) {
  Training training;
  if (!checkpoint.empty()) training = read_checkpoint(checkpoint);
  NetworkConfig& networks = training.config.networks;
  training.images = asked.images.value_or(training.images);
  training.config.batch_size = asked.batch_size.value_or(training.config.batch_size);
  training.config.discriminator_steps = asked.discriminator_steps.value_or(training.config.discriminator_steps);
  training.config.order = asked.order.value_or(training.config.order);
  training.config.step = asked.step.value_or(training.config.step);
  networks = with_networks(asked.networks.value_or(networks.kind), networks);
  networks.latent_dim = asked.latent_dim.value_or(networks.latent_dim);
  networks.image_size = asked.image_size.value_or(networks.image_size);
  networks.channels = asked.channels.value_or(networks.channels);
  if (!asked.generator_widths.empty()) networks.generator_widths = asked.generator_widths;
  if (!asked.discriminator_widths.empty()) networks.discriminator_widths = asked.discriminator_widths;
  validate(training.config);
  return training;
}

/// The fastest of those that did not win; nullptr where there is only one.
const Contender* second_of(const TunedCase& tuned) {
  const Contender* second = nullptr;
  for (std::size_t i = 0; i < tuned.contenders.size(); ++i) {
    const Contender& contender = tuned.contenders[i];
    if (i != tuned.winner && (!second || contender.times.median < second->times.median)) second = &contender;
  }
  return second;
}

Table table_of(const std::vector<TunedCase>& cases) {
  using enum Column::Kind;
  Table table(
      {{"op", heading}, {"winner"}, {"us", number}, {"second"}, {"us", number}, {"second/winner", number}, {"shapes"}});
  for (const TunedCase& tuned : cases) {
    const Contender& winner = tuned.contenders[tuned.winner];
    const Contender* second = second_of(tuned);
    table.add({tuned.op, winner.variant, number_text(winner.times.median, 2), second ? second->variant : "-",
               second ? number_text(second->times.median, 2) : "-",
               second ? number_text(second->times.median / winner.times.median, 2) : "-", tuned.shapes});
  }
  return table;
}

nlohmann::ordered_json json_of(const Lab& lab, const std::vector<TunedCase>& cases) {
  auto rows = nlohmann::ordered_json::array();
  for (const TunedCase& tuned : cases) {
    auto contenders = nlohmann::ordered_json::array();
    for (const Contender& contender : tuned.contenders) {
      contenders.push_back({{"variant", contender.variant},
                            {"median_us", contender.times.median},
                            {"first_quartile_us", contender.times.first_quartile},
                            {"third_quartile_us", contender.times.third_quartile},
                            {"launches", contender.times.count}});
    }
    rows.push_back({{"op", tuned.op},
                    {"shapes", tuned.shapes},
                    {"winner", tuned.contenders[tuned.winner].variant},
                    {"contenders", contenders},
                    {"failures", tuned.failures}});
  }
  return {{"format", "kernel_lab tune 1"}, {"device", device_text(lab)}, {"cases", rows}};
}

std::string conclusion_of(const std::vector<TunedCase>& cases, const std::filesystem::path& file, bool dry_run) {
  std::size_t changed = 0;
  std::string failures;
  for (const TunedCase& tuned : cases) {
    changed += tuned.winner > 0 ? 1 : 0;
    for (const std::string& failure : tuned.failures) {
      failures += "\nFAILED, so neither timed nor used, for tensors of " + tuned.shapes + ":\n" + failure;
    }
  }
  return "\n" + std::to_string(cases.size()) + " ops and shapes; for " + std::to_string(changed) +
         " another variant than the table's first is clearly faster\n" +
         (dry_run ? "dry run: not written to " : "cache: ") + file.string() + "\n" + failures;
}

/// Before the work, which takes minutes. Throws std::system_error.
void require_writable_cache(const std::filesystem::path& file) {
  make_cache_folder(file.parent_path());
  try_to_write_beside(file);
}

void write_cache(const std::vector<TunedCase>& cases, const std::filesystem::path& file, std::ostream& err) {
  std::vector<TunedKernel> kernels;
  for (const TunedCase& tuned : cases) {
    const Contender& winner = tuned.contenders[tuned.winner];
    const double seconds = std::max(1e-9, 1e-6 * winner.times.median);  // shorter than the clock's step is no time
    kernels.push_back({tuned.op, tuned.shapes, winner.variant, seconds, utc_text(std::time(nullptr))});
  }
  const std::string message = update_tuning_cache(file, current_tuning_key(), kernels);
  if (!message.empty()) err << "kernel_lab: " << message << "\n";
}

void add_training_options(CLI::App& command, TuneTraining& training) {
  const auto add = [&]<class Integer>(const char* name, std::optional<Integer>& value,
                                      const std::type_identity_t<Limits<Integer>>& limits, const char* help) {
    add_whole_number(command, name, value, limits, help)->group("Training");
  };
  command
      .add_option("--checkpoint", training.checkpoint,
                  "tune for the training of this run: its folder, a checkpoint, or latest below runs/")
      ->type_name("FILE")
      ->group("Training");
  add("--images", training.images, {1, 100'000'000},
      "images of the dataset; they decide the last batch (default: 60000)");
  add("--batch-size", training.batch_size, kBatchSizes, "images of one iteration (default: 64)");
  add("--discriminator-steps", training.discriminator_steps, kDiscriminatorSteps,
      "discriminator updates per generator update (default: 1)");
  add("--latent-dim", training.latent_dim, kLatentDims, "values of one latent vector (default: 100)");
  add("--image-size", training.image_size, kImageSizes, "height and width of the images (default: 28)");
  add("--channels", training.channels, kChannels, "1 or 3 (default: 1)");
  command
      .add_option_function<std::string>(
          "--order", [&](const std::string& name) { training.order = parse_name<UpdateOrder>(name); },
          "generator_first (default) or discriminator_first")
      ->type_name("ORDER")
      ->group("Training");
  command
      .add_option_function<std::string>(
          "--step", [&](const std::string& name) { training.step = parse_name<StepKind>(name); },
          "fused (default) or plain")
      ->type_name("KIND")
      ->group("Training");
  command
      .add_option_function<std::string>(
          "--networks", [&](const std::string& name) { training.networks = parse_name<NetworkKind>(name); },
          "mlp (default) or dcgan")
      ->type_name("NAME")
      ->group("Training");
  const auto add_widths = [&](const char* name, std::vector<int>& widths, const char* help) {
    add_whole_numbers(command, name, widths, kLayerWidths, help)->group("Training");
  };
  add_widths("--generator-widths", training.generator_widths,
             "hidden layers, of dcgan channels (default: the networks')");
  add_widths("--discriminator-widths", training.discriminator_widths, "the same (default: the networks')");
}

}  // namespace

int run_tune(const TuneOptions& options, const Lab& lab, std::ostream& out, std::ostream& err) {
  if (is_checked_build()) {
    throw std::invalid_argument("a checked build is many times slower, and not evenly; tune with another preset");
  }
  const auto file = tuning_cache_file();
  if (!file) throw std::invalid_argument("there is no place for the cache; set HOME or XDG_CACHE_HOME");
  const std::filesystem::path& named = options.training.checkpoint;
  const std::filesystem::path checkpoint = named.empty() ? named : find_checkpoint(named, kRuns);
  std::vector<std::filesystem::path> inputs = {options.lab.kernel_files.begin(), options.lab.kernel_files.end()};
  inputs.push_back(checkpoint);
  inputs.push_back(*file);
  Delivery delivery(options.output, "tune", table_of(std::vector<TunedCase>()), inputs);
  const Training training = resolve(options.training, checkpoint);
  if (!options.dry_run) require_writable_cache(*file);
  const std::vector<TunedCase> cases = tune(lab, training.config, training.images, options.timing, err);
  delivery.deliver({.introduction = device_text(lab) + "\n\n",
                    .table = table_of(cases),
                    .conclusion = conclusion_of(cases, *file, options.dry_run),
                    .json = json_text(json_of(lab, cases), 2)},
                   out);
  if (!options.dry_run) write_cache(cases, *file, err);
  const auto has_failed = [](const TunedCase& tuned) { return !tuned.failures.empty(); };
  return std::any_of(cases.begin(), cases.end(), has_failed) ? kFoundWrong : kAllWell;
}

void add_tune(CLI::App& app, Command& command) {
  const auto options = std::make_shared<TuneOptions>();
  CLI::App* subcommand =
      app.add_subcommand("tune", "Find the fastest variants for a training, and keep them for mnist_gan.");
  add_training_options(*subcommand, options->training);
  subcommand
      ->add_option("--seconds", options->timing.seconds, "longest time for timing one variant with one set of shapes")
      ->check(number_between(0, 3600))
      ->capture_default_str()
      ->group("How");
  subcommand->add_flag("--dry-run", options->dry_run, "print the table, but leave the cache alone")->group("How");
  add_lab_options(*subcommand, options->lab);
  add_output_options(*subcommand, options->output);
  subcommand->callback([options, &command] {
    command = [options](std::ostream& out, std::ostream& err) {
      return run_tune(*options, open_lab(options->lab), out, err);
    };
  });
}

}  // namespace duel::lab
