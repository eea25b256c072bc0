#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "app/errors/exit_code.h"
#include "app/settings/setting.h"

namespace duel::app {
namespace {

struct Label {
  std::string name;
  const char* placeholder;
  const char* help;
  std::vector<const char*> aliases = {};
  OnResume on_resume = OnResume::fixed;
  bool in_file = true;
};

constexpr std::int64_t kMostInt = std::numeric_limits<int>::max();
constexpr WholeRange kWholeNumbers{0, std::numeric_limits<std::int64_t>::max()}, kIntervals{1, kWholeNumbers.high};
constexpr WholeRange kThreads{0, 1024};  // of the CPU device

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

// The only lists of settings: what each is called, which member it is and which whole numbers it takes, in the order in
// which the help and config.toml show them. A visitor makes of it what it needs.

template <class Visitor, class Options>
void visit_kernels(Visitor& visit, Options& kernels) {
  visit({"kernel-file", "FILE", "add the variants of this kernel file, .cu; may be repeated", {}, OnResume::free},
        kernels.files);
  visit({"kernel",
         "OP=VARIANT",
         "run this variant of an op (kernel_lab list shows them); may be repeated",
         {},
         OnResume::free},
        kernels.chosen);
  visit({"no-tuned-kernels", "", "ignore what kernel_lab tune found on this machine", {}, OnResume::free},
        kernels.ignore_tuned);
}

template <class Visitor, class Options>
requires std::is_same_v<std::remove_const_t<Options>, TrainOptions>
void visit_settings(Visitor& visit, Options& options) {
  auto& training = options.training;
  auto& networks = training.networks;
  visit.group("Run");
  visit({"preset", "NAME", "{presets}"}, options.preset);
  visit({"data", "DIR", "folder with the images, IDX files; left out: search the usual places", {}, OnResume::free},
        options.data);
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
  visit({"real-label", "P", "label of real images; 0.9: one-sided label smoothing"}, training.real_label);
  visit({"ema-decay", "D", "of the average of the generator's weights that draws the samples; 0: no average"},
        training.ema_decay);
  visit({"step", "KIND", "fused (fast) or plain (an op after the other, to compare with)"}, training.step);
  visit({"precision", "FORMAT", "of the factors of products: fp32, tf32 or bf16 (sm_80 and later), fp16 (sm_75)"},
        training.precision);

  visit.group("Networks");
  visit({"latent-dim", "N", "values of one latent vector"}, networks.latent_dim, kLatentDims);
  visit({"image-size", "N", "height and width of the images, pixels", {"img-size"}}, networks.image_size, kImageSizes);
  visit({"channels", "N", "1 (grey) or 3 (RGB)"}, networks.channels, kChannels);
  visit({"latent-distribution", "NAME", "normal, or uniform from -sqrt(3) to sqrt(3)"}, networks.latent_distribution);
  visit({"generator-widths", "N,N,...", "hidden layers"}, networks.generator_widths, kLayerWidths);
  visit({"generator-norm", "NAME", "batch: batch norm in all hidden layers but the first; or none"},
        networks.generator_norm);
  visit({"image-head", "NAME", "tanh: pixels from -1 to 1; sigmoid: from 0 to 1, at first the mean image"},
        networks.image_head);
  visit({"discriminator-widths", "N,N,...", "hidden layers"}, networks.discriminator_widths, kLayerWidths);
  visit({"discriminator-unit", "NAME", "of the hidden layers: leaky_relu or maxout"}, networks.discriminator_unit);
  visit({"maxout-pieces", "N", "linear functions of a maxout unit"}, networks.maxout_pieces, kMaxoutPieces);
  visit({"input-keep", "P", "probability that dropout keeps a pixel in the discriminator; 1: no dropout"},
        networks.input_keep);
  visit({"hidden-keep", "P", "the same of outputs of its hidden layers"}, networks.hidden_keep);
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
  visit({"sample-interval", "N", "iterations between two sample pictures"}, options.sample_interval, kIntervals);
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
  visit({"log-interval", "N", "iterations between two lines of stats.jsonl"}, options.log_interval, kIntervals);

  visit.group("Other");
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
  visit({"levels", "FILE", "with --dry-run: a drawing of these kernels, .svg or .dot", {}, OnResume::free, false},
        options.levels);
}

/// Where a command computes, and with which kernels.
template <class Visitor, class Options>
void visit_device(Visitor& visit, Options& options) {
  visit.group("Device");
  visit({"device", "DEVICE", "auto, cpu, cuda or cuda:N"}, options.device);
  visit({"threads", "N", "worker threads of the CPU device; 0: all processors it may use", {"n-cpu"}}, options.threads,
        kThreads);

  visit.group("Kernels");
  visit_kernels(visit, options.kernels);
}

/// What commands have in common that draw images from a checkpoint.
template <class Visitor, class Options>
void visit_generator(Visitor& visit, Options& options) {
  visit({"checkpoint", "PATH", "of a run: its folder, a file, or latest; or weights of the published script"},
        options.checkpoint);
  visit({"preset", "NAME", "eps and slope of weights without a configuration: {preset names}"}, options.preset);
  visit({"seed", "N", "decides the latents"}, options.seed);
  visit({"outdir", "DIR", "where the pictures go"}, options.outdir);
  visit({"statistics", "WHICH", "batch norm's: running averages, or batch as during training"}, options.statistics);
  visit({"weights", "WHICH", "average: their moving average, where the training kept one; or last"}, options.weights);
  visit({"range", "WHICH", "black and white: fixed, -1 and 1; or minmax, least and greatest pixel of a picture"},
        options.range);
}

template <class Visitor, class Options>
requires std::is_same_v<std::remove_const_t<Options>, SampleOptions>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Samples");
  visit_generator(visit, options);
  visit({"count", "N", "images"}, options.count, {1, kMostImages});
  visit({"columns", "N", "of the grid"}, options.columns, {1, kMostImages});
  visit({"individual", "", "also write every image as a file of its own"}, options.individual);

  visit.group("Nearest training images");
  visit({"nearest", "", "also each image beside the training image nearest to it, with their distance"},
        options.nearest);
  visit({"data", "DIR", "folder with the training images; left out: search the usual places"}, options.data);

  visit_device(visit, options);
}

template <class Visitor, class Options>
requires std::is_same_v<std::remove_const_t<Options>, InterpolateOptions>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Interpolation");
  visit_generator(visit, options);
  visit({"count", "N", "images of a row, its two ends included"}, options.count, {2, kMostImages});
  visit({"rows", "N", "pairs of latents"}, options.rows, {1, kMostImages / 2});
  visit({"spherical", "", "along an arc, which keeps the latents' length, instead of a line"}, options.spherical);

  visit_device(visit, options);
}

template <class Visitor, class Options>
requires std::is_same_v<std::remove_const_t<Options>, BenchOptions>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("What to measure");
  visit({"preset", "NAME", "settings of the training: {preset names}"}, options.preset);
  visit({"step", "KIND,...", "fused, plain, or both in turn; left out: the preset's"}, options.steps);
  visit({"precision", "FORMAT", "of the factors of products: fp32, tf32, bf16 or fp16"}, options.precision);
  visit({"batch-size", "N,...", "images of one iteration; left out: the preset's"}, options.batch_sizes, kBatchSizes);
  visit({"width", "N,...", "factors of the hidden layers' widths; left out: 1"}, options.widths, {1, 64});
  visit({"scale", "", "sweep over batches 32 to 16384 and widths 1, 2, 4, unless given; fits exponents"},
        options.scale);

  visit.group("How");
  visit({"rounds", "N", "of each measurement; 3 or more where N rounds take longer than N * S"}, options.rounds,
        {1, 10'000});
  visit({"seconds", "S", "length of a round, at least one iteration"}, options.seconds);
  visit({"iterations", "N", "of a round, instead of a length; 0: --seconds decides"}, options.iterations,
        {0, 1'000'000'000});
  visit({"json", "FILE", "write everything to this file, the raw times included"}, options.json);

  visit_device(visit, options);
}

template <class Visitor, class Options>
requires std::is_same_v<std::remove_const_t<Options>, EvaluateOptions>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("What to evaluate");
  visit({"checkpoint", "PATH",
         "of a run: its folder, a file, or latest; or weights of the published script; may be repeated"},
        options.checkpoints);
  visit({"weights", "WHICH", "average: their moving average, where the training kept one; or last"}, options.weights);
  visit({"preset", "NAME", "eps and slope of weights without a configuration: {preset names}"}, options.preset);
  visit({"data", "DIR", "folder with the images, IDX files; left out: search the usual places"}, options.data);

  visit.group("How");
  visit({"samples", "N", "of each seed"}, options.samples, {10, kMostImages});
  visit({"seeds", "N", "sampling seeds; figures have their mean and range"}, options.seeds, {1, 1000});
  visit({"seed", "N", "the first of them"}, options.seed);
  visit({"statistics", "WHICH", "batch norm's: running averages, or batch as during training"}, options.statistics);
  visit({"metrics", "NAME,...", "all, or some of fd, is, pr, dc, ndb, parzen, histogram, duplicates, nearest, border"},
        options.metrics);
  visit({"json", "FILE", "write everything to this file"}, options.json);
  visit({"classifier-cache", "DIR", "where the classifier is kept; left out: the usual place"},
        options.classifier_cache);
  visit({"self-test", "", "no checkpoint: do the metrics notice planted faults? exit code 1 if one does not"},
        options.self_test);

  visit_device(visit, options);
}

/// Calls `act` with the member called `name`, and with its range where it has one.
template <class Act>
struct MemberVisitor {
  const std::string& name;
  const Act& act;

  void group(const char*) {}
  template <class Value>
  void operator()(const Label& label, Value& value) {
    if (label.name == name) act(value);
  }
  template <class Value>
  void operator()(const Label& label, Value& value, const WholeRange& range) {
    if (label.name == name) act(value, range);
  }
};
template <class Options, class Act>
void with_member(Options& options, const std::string& name, const Act& act) {
  MemberVisitor<Act> visitor{name, act};
  visit_settings(visitor, options);
}

void require_in_range(const std::string& name, std::int64_t value, const WholeRange& range) {
  if (range.contains(value)) return;
  throw SettingError(name, ": expected " + range.text() + ", found " + std::to_string(value));
}
void require_in_range(const std::string& name, const std::vector<int>& values, const WholeRange& range) {
  for (const int value : values) require_in_range(name, value, range);
}

/// The number that is the member called `name`.
template <class Options>
double number_of(const Options& options, const std::string& name) {
  double number = 0;
  with_member(options, name, [&number](const auto& value, const auto&...) {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(value)>>) number = static_cast<double>(value);
  });
  return number;
}

template <class Options>
struct Collector {
  std::vector<Setting<Options>> settings;
  std::string current_group;

  void group(const char* name) { current_group = name; }
  template <class Value>
  void operator()(const Label& label, const Value&, const WholeRange& = {}) {
    Setting<Options> setting;
    setting.name = label.name;
    setting.placeholder = label.placeholder;
    setting.help = label.help;
    setting.group = current_group;
    for (const char* const alias : label.aliases) setting.aliases.push_back(hyphenated(alias));
    setting.in_file = label.in_file;
    setting.on_resume = label.on_resume;
    if constexpr (std::is_arithmetic_v<Value>) {
      setting.is_farther = [name = label.name](const Options& from, const Options& to) {
        const double goal = number_of(to, name), before = number_of(from, name);
        return goal == 0 || (before != 0 && goal >= before);
      };
    }
    constexpr bool is_of_texts = std::is_same_v<Value, std::vector<std::string>>;
    setting.is_repeatable = is_of_texts || std::is_same_v<Value, FileList>;
    setting.is_list = requires {
      typename Value::value_type;
    }
    &&!std::is_same_v<Value, std::string>;
    setting.may_be_empty = is_of_texts || std::is_same_v<Value, IterationWindow>;
    setting.set = [name = label.name](Options& options, const std::vector<std::string>& texts) {
      with_member(options, name, [&texts](auto& value, const auto&... range) { parse_values(texts, value, range...); });
    };
    setting.check = [name = label.name](const Options& options) {
      with_member(options, name,
                  [&name](const auto& value, const auto&... range) { (require_in_range(name, value, range), ...); });
    };
    setting.get = [name = label.name](const Options& options) {
      std::string text;
      with_member(options, name, [&text](const auto& value, const auto&...) { text = format_value(value); });
      return text;
    };
    settings.push_back(std::move(setting));
  }
};

template <class Options>
std::vector<Setting<Options>> collect() {
  Collector<Options> collector;
  const Options options;
  visit_settings(collector, options);
  return collector.settings;
}

}  // namespace

template <class Options>
const std::vector<Setting<Options>>& settings_of() {
  static const std::vector<Setting<Options>> kSettings = collect<Options>();
  return kSettings;
}

template const std::vector<Setting<TrainOptions>>& settings_of();
template const std::vector<Setting<SampleOptions>>& settings_of();
template const std::vector<Setting<InterpolateOptions>>& settings_of();
template const std::vector<Setting<BenchOptions>>& settings_of();
template const std::vector<Setting<EvaluateOptions>>& settings_of();

}  // namespace duel::app
