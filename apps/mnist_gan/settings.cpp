#include <utility>

#include "apps/mnist_gan/setting.h"

namespace duel::app {
namespace {

/// A setting that reads and writes the member that `access` returns a reference to.
template <class Options, class Access>
Setting<Options> member(std::string name, std::string placeholder, std::string help, std::string group, Access access,
                        std::vector<std::string> aliases = {}, bool in_file = true) {
  Setting<Options> setting{std::move(name), std::move(placeholder), std::move(help), std::move(group), {}, {}};
  setting.set = [access](Options& options, const std::string& text) { parse_value(text, access(options)); };
  setting.get = [access](const Options& options) { return format_value(access(options)); };
  setting.aliases = std::move(aliases);
  setting.in_file = in_file;
  return setting;
}

template <class... Arguments>
auto train(Arguments&&... arguments) {
  return member<TrainOptions>(std::forward<Arguments>(arguments)...);
}

template <class... Arguments>
auto sample(Arguments&&... arguments) {
  return member<SampleOptions>(std::forward<Arguments>(arguments)...);
}

const std::string kRun = "Run", kStop = "When to stop", kOutput = "Output", kTraining = "Training",
                  kNetworks = "Networks", kOther = "Other", kSamples = "Samples", kDevice = "Device";

}  // namespace

// Each group names its settings in the order in which the help and config.toml show them.
const std::vector<Setting<TrainOptions>>& train_settings() {
  static const std::vector<Setting<TrainOptions>> kSettings = {
      train("preset", "NAME", "default, or blog: the published script, exactly", kRun,
            [](auto& o) -> auto& { return o.preset; }),
      train("data", "DIR", "folder with the MNIST files; empty: search the usual places", kRun,
            [](auto& o) -> auto& { return o.data; }),
      train("device", "DEVICE", "auto, cpu, cuda or cuda:N", kRun, [](auto& o) -> auto& { return o.device; }),
      train("threads", "N", "worker threads of the CPU device; 0: all cores", kRun,
            [](auto& o) -> auto& { return o.threads; }, {"n-cpu"}),
      train("seed", "N", "decides initial weights, latents and the order of the images", kRun,
            [](auto& o) -> auto& { return o.training.seed; }),

      train("epochs", "N", "passes over the images", kStop, [](auto& o) -> auto& { return o.epochs; }, {"n-epochs"}),
      train("max-iterations", "N", "stop after so many iterations; 0: never", kStop,
            [](auto& o) -> auto& { return o.max_iterations; }),
      train("minutes", "M", "stop after so many minutes of training; 0: never", kStop,
            [](auto& o) -> auto& { return o.minutes; }),

      train("batch-size", "N", "images of one iteration", kTraining,
            [](auto& o) -> auto& { return o.training.batch_size; }),
      train("lr", "RATE", "Adam's learning rate", kTraining,
            [](auto& o) -> auto& { return o.training.adam.learning_rate; }, {"learning-rate"}),
      train("b1", "BETA", "Adam's decay of the first moment", kTraining,
            [](auto& o) -> auto& { return o.training.adam.beta1; }, {"beta1"}),
      train("b2", "BETA", "Adam's decay of the second moment", kTraining,
            [](auto& o) -> auto& { return o.training.adam.beta2; }, {"beta2"}),
      train("adam-eps", "EPS", "Adam's eps", kTraining, [](auto& o) -> auto& { return o.training.adam.eps; }),
      train("generator-loss", "LOSS", "non_saturating or minimax", kTraining,
            [](auto& o) -> auto& { return o.training.generator_loss; }),
      train("order", "ORDER", "generator_first (the script) or discriminator_first (the 2014 paper)", kTraining,
            [](auto& o) -> auto& { return o.training.order; }),
      train("discriminator-steps", "K", "discriminator updates per generator update", kTraining,
            [](auto& o) -> auto& { return o.training.discriminator_steps; }),
      train("bce", "FORM", "logits (stable) or clamped_probability (PyTorch's BCELoss)", kTraining,
            [](auto& o) -> auto& { return o.training.bce_form; }, {"bce-form"}),

      train("latent-dim", "N", "values of one latent vector", kNetworks,
            [](auto& o) -> auto& { return o.training.networks.latent_dim; }),
      train("image-size", "N", "height and width of the images, pixels", kNetworks,
            [](auto& o) -> auto& { return o.training.networks.image_size; }, {"img-size"}),
      train("channels", "N", "1 (grey) or 3 (RGB)", kNetworks,
            [](auto& o) -> auto& { return o.training.networks.channels; }),
      train("generator-widths", "N,N,...", "hidden layers; all but the first have batch norm", kNetworks,
            [](auto& o) -> auto& { return o.training.networks.generator_widths; }),
      train("discriminator-widths", "N,N,...", "hidden layers", kNetworks,
            [](auto& o) -> auto& { return o.training.networks.discriminator_widths; }),
      train("leaky-slope", "S", "LeakyReLU's slope below 0", kNetworks,
            [](auto& o) -> auto& { return o.training.networks.leaky_slope; }),
      train("batch-norm-eps", "EPS", "batch norm's eps (the script's 0.8 is deliberate here)", kNetworks,
            [](auto& o) -> auto& { return o.training.networks.batch_norm_eps; }),
      train("batch-norm-momentum", "M", "share of a new batch in the running statistics", kNetworks,
            [](auto& o) -> auto& { return o.training.networks.batch_norm_momentum; }),

      train("outdir", "DIR", "parent of the run folders", kOutput, [](auto& o) -> auto& { return o.outdir; }),
      train("name", "NAME", "of the run folder, after its number; empty: the preset's", kOutput,
            [](auto& o) -> auto& { return o.name; }),
      train("sample-interval", "N", "iterations between two sample pictures", kOutput,
            [](auto& o) -> auto& { return o.sample_interval; }),
      train("checkpoint-interval", "N", "iterations between two checkpoints; 0: at an epoch's end, once a minute", kOutput,
            [](auto& o) -> auto& { return o.checkpoint_interval; }),
      train("keep-checkpoints", "N", "keep the newest N checkpoints; 0: all", kOutput,
            [](auto& o) -> auto& { return o.keep_checkpoints; }),
      train("log-interval", "N", "iterations between two lines of stats.jsonl", kOutput,
            [](auto& o) -> auto& { return o.log_interval; }),

      train("quiet", "", "no progress, only errors and where the results are", kOther,
            [](auto& o) -> auto& { return o.quiet; }, std::vector<std::string>{}, false),
      train("print-config", "", "print the resolved settings and stop", kOther,
            [](auto& o) -> auto& { return o.print_config; }, std::vector<std::string>{}, false),
      train("dry-run", "", "print the plan (parameters, work, memory) and stop", kOther,
            [](auto& o) -> auto& { return o.dry_run; }, std::vector<std::string>{}, false),
  };
  return kSettings;
}

const std::vector<Setting<SampleOptions>>& sample_settings() {
  static const std::vector<Setting<SampleOptions>> kSettings = {
      sample("checkpoint", "FILE", "of a training run, such as checkpoints/latest.safetensors", kSamples,
             [](auto& o) -> auto& { return o.checkpoint; }),
      sample("count", "N", "images", kSamples, [](auto& o) -> auto& { return o.count; }),
      sample("seed", "N", "decides the latents", kSamples, [](auto& o) -> auto& { return o.seed; }),
      sample("outdir", "DIR", "where the pictures go", kSamples, [](auto& o) -> auto& { return o.outdir; }),
      sample("columns", "N", "of the grid", kSamples, [](auto& o) -> auto& { return o.columns; }),
      sample("statistics", "WHICH", "batch norm's: running averages, or batch as during training", kSamples,
             [](auto& o) -> auto& { return o.statistics; }),
      sample("individual", "", "also write every image as a file of its own", kSamples,
             [](auto& o) -> auto& { return o.individual; }),
      sample("device", "DEVICE", "auto, cpu, cuda or cuda:N", kDevice, [](auto& o) -> auto& { return o.device; }),
      sample("threads", "N", "worker threads of the CPU device; 0: all cores", kDevice,
             [](auto& o) -> auto& { return o.threads; }, {"n-cpu"}),
  };
  return kSettings;
}

}  // namespace duel::app
