#include "app/settings/train_options.h"

#include <cmath>

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"
#include "app/settings/training_program.h"
#include "files/text.h"

namespace duel::app {
namespace {

constexpr double kMostMinutes = 5'256'000;  // ten years

/// "adam, sgd_momentum"
const char* known_optimizers() {
  static const std::string text = [] {
    std::string names;
    for_each_unit(Optimizers(),
                  [&](const auto& unit) { names += (names.empty() ? "" : ", ") + std::string(unit.kName); });
    return names;
  }();
  return text.c_str();
}

const char* known_losses() {
  static const std::string text = [] {
    std::string losses;
    for (const LossFacts& loss : kLossFacts) {
      losses += (losses.empty() ? "" : ", ") + std::string(loss.name) + " (" + loss.text.about + ")";
    }
    return losses;
  }();
  return text.c_str();
}

/// "wgan (Arjovsky et al. 2017)", of each
const char* known_games() {
  static const std::string text = [] {
    std::string games;
    for (const Game& game : kGames) {
      games += (games.empty() ? "" : ", ") + std::string(game.name) + " (" + game.source + ")";
    }
    return "loss and clipping of a paper: " + games + "; preset: the preset's";
  }();
  return text.c_str();
}

/// The name becomes part of a folder's name.
void check_name(const std::string& name) {
  const bool accepted =
      name.size() <= 100 &&
      name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
  require(accepted, "name", name, "up to 100 letters, digits, '.', '_' and '-'");
}

/// The setting that a field of the configuration is: "generator_widths[1]" is generator-widths.
SettingError setting_error(const ConfigError& error) {
  const std::string& field = error.field();
  const std::size_t index = std::min(field.find('['), field.size());
  return {canonical_name(TrainOptions::settings(), field.substr(0, index)), field.substr(index) + error.problem()};
}

}  // namespace

const CommandText TrainOptions::kCommand = {
    "train", "Train a generator and a discriminator against each other.",
    "Precedence: flag > environment variable ({BATCH_SIZE variable} is --batch-size) > --config file > preset.\n"
    "The spellings of the published script work too: --n_epochs, --batch_size, --n_cpu, ...",
    "; a smaller --batch-size, --generator-widths, --discriminator-widths or --train-images needs less, and --dry-run "
    "says how much"};

template <class Visitor, OptionsOf<TrainOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  auto& training = options.training;
  auto& networks = training.networks;
  visit.group("Run");
  visit({"preset", "NAME", "{presets}"}, options.preset);
  visit({"data", "DIR", kDataHelp, {}, OnResume::free}, options.data);
  visit({"train-images", "N", "train on the first N images; 0: all"}, options.train_images, {0, kMostInt});
  visit({"device", "DEVICE", "auto, cpu, cuda or cuda:N", {}, OnResume::free}, options.device);
  visit({"threads", "N", "worker threads of the CPU device; 0: all processors it may use", {"n-cpu"}, OnResume::free},
        options.threads, kThreads);
  visit({"seed", "N", "decides initial weights, latents and the order of the images"}, training.seed);

  visit({"resume",
         "PATH",
         "go on with a run: its folder, a checkpoint of it, or latest, the newest run below --outdir",
         {},
         OnResume::free,
         false},
        options.resume);
  visit({"init-from", "FILE", "begin with the weights of a checkpoint, or of the published script"}, options.init_from);

  visit.group("When to stop");
  visit({"epochs", "N", "passes over the images", {"n-epochs"}, OnResume::farther}, options.epochs, {1, kMostInt});
  visit({"max-iterations", "N", "stop after so many iterations; 0: never", {}, OnResume::farther},
        options.max_iterations, kWholeNumbers);
  visit({"minutes", "M", "stop after so many minutes of training; 0: never", {}, OnResume::farther}, options.minutes);

  visit.group("Training");
  visit({.name = "game", .placeholder = "NAME", .help = known_games(), .is_kept = false}, options.game);
  visit({"conditional", "", "tell both networks the class of each image, so that one can ask for it later"},
        options.conditional);
  visit({"class-input", "NAME", "how both networks read a class: one_hot, or embedding: by a learned vector"},
        networks.class_input);
  visit({"batch-size", "N", "images of one iteration"}, training.batch_size, kBatchSizes);
  visit({"optimizer", "NAME", known_optimizers()}, training.optimizer.kind);
  visit_settings(training.optimizer, [&](const OptimizerSetting& setting, auto& value, auto... limits) {
    Label label{hyphenated(setting.name), setting.placeholder, setting.help, {}};
    if (setting.alias) label.aliases = {setting.alias};
    if constexpr (sizeof...(limits) == 2) {
      visit(label, value, WholeRange{limits...});
    } else {
      visit(label, value);
    }
  });
  visit({"loss", "NAME", known_losses(), {"bce", "bce-form"}}, training.loss);
  visit({"generator-loss", "LOSS", "non_saturating, or minimax: minus D's loss of generated images"},
        training.generator_loss);
  visit({"order", "ORDER",
         "generator_first (the script), discriminator_first (the 2014 paper) or simultaneous (its code)"},
        training.order);
  visit({"discriminator-steps", "K", "discriminator updates per generator update"}, training.discriminator_steps,
        kDiscriminatorSteps);
  visit({"weight-clip", "C", "every update puts the discriminator's parameters back to within -C and C; 0: none does"},
        training.weight_clip);
  visit({"real-label", "P", "label of real images; 0.9: one-sided label smoothing"}, training.real_label);
  for_each_unit(Penalties(), [&](auto penalty) {
    using Penalty = decltype(penalty);
    visit({hyphenated(Penalty::kName), Penalty::kText.symbol, Penalty::kText.help, {}},
          training.penalty_weights[penalty_kind<Penalty>()]);
  });
  visit({"ema-decay", "D", "of the average of the generator's weights that draws the samples; 0: no average"},
        training.ema_decay);
  visit({"step", "KIND", "fused (fast) or plain (an op after the other, to compare with)"}, training.step);
  visit({"precision", "FORMAT", "of the factors of products: fp32, tf32 or bf16 (sm_80 and later), fp16 (sm_75)"},
        training.precision);

  visit.group("Networks");
  visit({"networks", "NAME",
         "mlp: linear layers; dcgan: convolutions, with widths, norms and dropout of their own unless they are given"},
        networks.kind);
  visit({"latent-dim", "N", "values of one latent vector"}, networks.latent_dim, kLatentDims);
  visit({"image-size", "N", "height and width of the images, pixels", {"img-size"}}, networks.image_size, kImageSizes);
  visit({"channels", "N", "1 (grey) or 3 (RGB)"}, networks.channels, kChannels);
  visit({"latent-distribution", "NAME", "normal, or uniform from -sqrt(3) to sqrt(3)"}, networks.latent_distribution);
  visit({"generator-widths", "N,N,...", "hidden layers; of dcgan channels"}, networks.generator_widths, kLayerWidths);
  visit({"generator-norm", "NAME", "batch: batch norm in all hidden layers but the first; or none"},
        networks.generator_norm);
  visit({"discriminator-norm", "NAME",
         "spectral: spectral normalization of all weights; batch: as the generator's, of dcgan only; or none"},
        networks.discriminator_norm);
  visit({"image-head", "NAME", "tanh: pixels from -1 to 1; sigmoid: from 0 to 1, at first the mean image"},
        networks.image_head);
  visit({"discriminator-widths", "N,N,...", "hidden layers; of dcgan channels"}, networks.discriminator_widths,
        kLayerWidths);
  visit({"discriminator-unit", "NAME", "of the hidden layers: leaky_relu or maxout"}, networks.discriminator_unit);
  visit({"maxout-pieces", "N", "linear functions of a maxout unit"}, networks.maxout_pieces, kMaxoutPieces);
  visit({"input-keep", "P", "probability that dropout keeps a pixel in the discriminator; 1: no dropout"},
        networks.input_keep);
  visit({"hidden-keep", "P", "the same of outputs of its hidden layers; of dcgan of channels"}, networks.hidden_keep);
  visit({"leaky-slope", "S", "LeakyReLU's slope below 0; 0: ReLU"}, networks.leaky_slope);
  visit({"batch-norm-eps", "EPS", "batch norm's eps (the script passes 0.8)"}, networks.batch_norm_eps);
  visit({"batch-norm-momentum", "M", "share of a new batch in the running statistics"}, networks.batch_norm_momentum);
  visit({"generator-init", "R", "initial weights from -R to R and biases 0; 0: as torch.nn.Linear"},
        networks.generator_init);
  visit({"discriminator-init", "R", "the same of the discriminator"}, networks.discriminator_init);

  visit.group("Kernels");
  visit_kernels(visit, options.kernels);

  visit.group("Output");
  visit({"outdir", "DIR", "parent of the run folders", {}, OnResume::free}, options.outdir);
  visit({"name", "NAME", "of the run folder, after its number; left out: the preset's"}, options.name);
  visit({"sample-interval", "N", "iterations between two sample pictures; 0: none"}, options.sample_interval,
        kWholeNumbers);
  visit({"scale", "N", kScaleHelp}, options.scale, kScales);
  visit({"checkpoint-interval",
         "N",
         "iterations between two checkpoints; 0: --checkpoint-seconds alone decides",
         {},
         OnResume::free},
        options.checkpoint_interval, kWholeNumbers);
  visit({"checkpoint-seconds", "S", "save where the newest checkpoint is so old; 0: never", {}, OnResume::free},
        options.checkpoint_seconds);
  visit({"keep-checkpoints", "N", "keep the newest N checkpoints; 0: all", {}, OnResume::free},
        options.keep_checkpoints, {0, kMostInt});
  visit({"watch-interval", "N", "iterations between two lines of convergence.jsonl; 0: none"}, options.watch_interval,
        kWholeNumbers);
  visit({"collapse-patience", "N",
         "iterations from the last good look until bad ones are a collapse; 4 N before the first good one"},
        options.collapse_patience, kWholeNumbers);
  visit({"on-collapse", "WHAT", "if the generator collapses: warn, stop, or rollback to the last state that was well"},
        options.on_collapse);
  visit({"log-interval", "N", "iterations between two lines of stats.jsonl or stats.csv"}, options.log_interval,
        kIntervals);
  visit({"log-format", "FORMAT", "of the losses: jsonl (stats.jsonl) or csv (stats.csv)"}, options.log_format);
  visit({"tensorboard", "", "write event files for TensorBoard into the run folder, too", {}, OnResume::free},
        options.tensorboard);

  visit.group("Other");
  visit({"serve", "[PORT]", kPortHelp, {}, OnResume::free, false, Place::option, "0"}, options.serve, kPorts);
  visit({"profile-iterations",
         "A:B",
         "for a profiler: iterations A to B-1, from 0, kernel by kernel in named ranges",
         {},
         OnResume::free},
        options.profile_iterations);
  visit({"quiet", "", "no progress, only errors and where the results are", {}, OnResume::free, false}, options.quiet);
  visit({"print-config", "", "print the resolved settings and stop", {}, OnResume::free, false}, options.print_config);
  visit(
      {"dry-run", "", "print the plan (work, memory, the kernels of an iteration) and stop", {}, OnResume::free, false},
      options.dry_run);
  visit({"format", "FORMAT", "with --dry-run: how to print it: table, json or csv", {}, OnResume::free, false},
        options.format);
  visit({"levels", "FILE", "with --dry-run: a drawing of these kernels, .svg or .dot", {}, OnResume::free, false},
        options.levels);
}

const std::vector<Setting<TrainOptions>>& TrainOptions::settings() {
  return collected_settings<TrainOptions>();
}

void validate_options(const TrainOptions& options) {
  require(options.minutes >= 0 && options.minutes <= kMostMinutes, "minutes", options.minutes,
          "0 or more, up to " + format_value(kMostMinutes));
  require(options.checkpoint_seconds >= 0 && std::isfinite(options.checkpoint_seconds), "checkpoint-seconds",
          options.checkpoint_seconds, "0 or more");
  if (options.on_collapse != OnCollapse::warn && options.watch_interval == 0) {
    throw SettingError("on-collapse", ": nobody would notice a collapse with --watch-interval 0; expected 1 or more");
  }
  require(!options.outdir.empty(), "outdir", options.outdir, "a folder");
  check_name(options.name);
  check_device(options.device);
  require(options.levels.empty() || options.dry_run, "levels", options.levels, "--dry-run beside it");
  const std::filesystem::path ending = options.levels.extension();
  require(options.levels.empty() || ending == ".svg" || ending == ".dot", "levels", options.levels,
          "a file that ends in .svg or .dot");
  TrainingConfig training = options.training;
  require(options.conditional || training.networks.class_input == ClassInput::one_hot, "class-input",
          training.networks.class_input, "--conditional beside it");
  if (options.conditional && training.networks.classes == 0) training.networks.classes = 1;  // until labels are counted
  try {
    validate(training);
  } catch (const ConfigError& error) {
    throw setting_error(error);
  }
  check_ranges(TrainOptions::settings(), options);
}

void check_together(const TrainOptions& options, const Sources& sources) {
  require(options.dry_run || !is_flag(sources, "format"), "format", options.format, "--dry-run beside it");
}

std::string to_config_file(const TrainOptions& options) {
  const std::string& name = options.program->name;
  std::string text = "# Settings of " + name + " " DUEL_VERSION "; " + name + " train --config reads them back.\n";
  std::string group;
  for (const Setting<TrainOptions>& setting : TrainOptions::settings()) {
    if (!setting.in_file || !setting.is_kept) continue;
    if (setting.group != group) text += "\n# " + setting.group + "\n";
    group = setting.group;
    text += setting.name + " = " + setting.get(options) + "\n";
  }
  return text;
}

}  // namespace duel::app
