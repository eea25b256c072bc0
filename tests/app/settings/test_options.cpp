#include "app/settings/commands.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/errors/exit_code.h"
#include "app/settings/given_values.h"
#include "app/settings/manual.h"
#include "app/settings/setting.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/configuration/config_json.h"
#include "engine/tuning/tuning_key.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using Arguments = std::vector<std::string>;
using duel::test::contains;

TrainOptions train(Arguments arguments, const Environment& environment = {}) {
  arguments.insert(arguments.begin(), "train");
  const Invocation invocation = parse_command_line(mnist_gan(), arguments, environment);
  REQUIRE(std::holds_alternative<TrainOptions>(invocation.options));
  return invocation.as<TrainOptions>();
}

/// What a UsageError says; "" where there is none.
std::string refusal(const Arguments& arguments, const Environment& environment = {}) {
  try {
    parse_command_line(mnist_gan(), arguments, environment);
    return "";
  } catch (const UsageError& error) {
    CHECK(exit_code_of(error) == ExitCode::usage);
    return error.what();
  }
}

/// A configuration file that is removed with this object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) { folder_.write("run.toml", text); }
  std::string path() const { return folder_ / "run.toml"; }

 private:
  duel::test::TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("preset blog has the published script's defaults") {
  const TrainOptions blog = train({"--preset", "blog"});
  CHECK(blog.epochs == 200);
  CHECK(blog.training.batch_size == 64);
  CHECK(blog.training.optimizer.Adam::learning_rate == 0.0002);
  CHECK(blog.training.optimizer.Adam::beta1 == 0.5);
  CHECK(blog.training.optimizer.Adam::beta2 == 0.999);
  CHECK(blog.training.optimizer.Adam::eps == 1e-8);
  CHECK(blog.training.networks.latent_dim == 100);
  CHECK(blog.training.networks.image_size == 28);
  CHECK(blog.training.networks.channels == 1);
  CHECK(blog.training.networks.batch_norm_eps == 0.8f);
  CHECK(blog.training.networks.generator_widths == std::vector<int>{128, 256, 512, 1024});
  CHECK(blog.training.networks.discriminator_widths == std::vector<int>{512, 256});
  CHECK(blog.training.loss == duel::loss_kind<duel::ClampedCrossEntropy>());
  CHECK(blog.training.order == duel::UpdateOrder::generator_first);
  CHECK(blog.training.generator_loss == duel::GeneratorLoss::non_saturating);
  CHECK(blog.training.discriminator_steps == 1);
  CHECK(blog.sample_interval == 400);
  CHECK(blog.has_script_pictures);
  CHECK(blog.sample_statistics == duel::BatchStatistics::batch);
}

TEST_CASE("the default preset is blog, stable, with the usual eps, twice the rate, smooth labels and an average") {
  TrainOptions options = train({});
  CHECK(options.preset == "default");
  CHECK(options.training.loss == duel::loss_kind<duel::CrossEntropy>());
  CHECK(options.training.networks.batch_norm_eps == 1e-5f);
  CHECK(options.training.optimizer.Adam::learning_rate == 4e-4);
  CHECK(options.training.real_label == 0.9);
  CHECK(options.training.ema_decay == 0.999);
  CHECK(!options.has_script_pictures);
  CHECK(options.sample_statistics == duel::BatchStatistics::running);
  options.training.networks.batch_norm_eps = 0.8f;
  options.preset = "blog";
  options.has_script_pictures = true;
  options.sample_statistics = duel::BatchStatistics::batch;
  options.training.optimizer.Adam::learning_rate = 2e-4;
  options.training.real_label = 1;
  options.training.ema_decay = 0;
  options.training.loss = duel::loss_kind<duel::ClampedCrossEntropy>();
  CHECK(options == preset(mnist_gan(), "blog"));
}

TEST_CASE("preset paper has the networks and the optimizer of the 2014 paper") {
  const TrainOptions paper = train({"--preset", "paper"});
  const duel::TrainingConfig& training = paper.training;
  const duel::NetworkConfig& networks = training.networks;
  CHECK(paper.epochs == 250);
  CHECK(paper.train_images == 50'000);
  CHECK(paper.sample_statistics == duel::BatchStatistics::running);
  CHECK(networks.generator_widths == std::vector<int>{1200, 1200});
  CHECK(networks.discriminator_widths == std::vector<int>{240, 240});
  CHECK(networks.maxout_pieces == 5);
  CHECK(networks.discriminator_unit == duel::DiscriminatorUnit::maxout);
  CHECK(networks.image_head == duel::ImageHead::sigmoid);
  CHECK(networks.latent_distribution == duel::LatentDistribution::uniform);
  CHECK(networks.generator_norm == duel::NetworkNorm::none);
  CHECK(networks.leaky_slope == 0);
  CHECK((networks.input_keep == 0.8f && networks.hidden_keep == 0.5f));
  CHECK((networks.generator_init == 0.05f && networks.discriminator_init == 0.005f));
  CHECK(training.batch_size == 100);
  CHECK(training.order == duel::UpdateOrder::simultaneous);
  CHECK(training.generator_loss == duel::GeneratorLoss::non_saturating);
  CHECK(training.optimizer.kind == duel::kind_of<duel::SgdMomentum>);
  CHECK(static_cast<const duel::SgdMomentum&>(training.optimizer) ==
        duel::SgdMomentum{0.1, 1.000004, 1e-6, 0.5, 0.7, 250});
  CHECK(training.step == duel::StepKind::fused);
  CHECK(training.discriminator_steps == 1);
}

TEST_CASE("a setting of a training has one name: as flag, variable, key of a file and key in checkpoints") {
  nlohmann::json in_checkpoints = nlohmann::json::parse(duel::to_json(duel::TrainingConfig{}));
  in_checkpoints.erase("classes");  // of --conditional: how many there are, the data say
  const std::string as_file = to_config_file(train({}));
  for (const auto& [key, value] : in_checkpoints.items()) {
    INFO(key);
    const std::string name = hyphenated(key);
    const Setting<TrainOptions>* setting = find_setting(TrainOptions::settings(), name);
    REQUIRE(setting != nullptr);
    CHECK(contains("\n" + as_file, "\n" + name + " = "));
    std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == '[' || c == ']'; }), text.end());
    const std::string variable = variable_of(mnist_gan(), name);
    const auto given = [&](const std::vector<std::string>& arguments, const Environment& environment) {
      return setting->get(parse_command_line(mnist_gan(), arguments, environment).as<TrainOptions>());
    };
    const std::string expected = given({"train", "--" + key, text}, {});
    CHECK(given({"train", "--" + name + "=" + text}, {}) == expected);
    CHECK(given({"train"}, {{variable, text}}) == expected);
  }
}

TEST_CASE("older and shorter names of settings, as flags, variables and keys of files") {
  const std::pair<const char*, const char*> kNames[] = {
      {"lr", "learning-rate"},
      {"b1", "beta1"},
      {"b2", "beta2"},
      {"sgd-lr", "sgd-learning-rate"},
      {"initial-momentum", "sgd-initial-momentum"},
      {"final-momentum", "sgd-final-momentum"},
      {"rmsprop-lr", "rmsprop-learning-rate"},
  };
  const auto value = [](const char* name, const TrainOptions& options) {
    return find_setting(TrainOptions::settings(), name)->get(options);
  };
  const auto check = [&](const std::string& alias, const char* name, const std::string& text,
                         const std::string& expected) {
    INFO(alias);
    CHECK(value(name, train({"--" + alias, text})) == expected);
    const Environment environment{{variable_of(mnist_gan(), alias), text}};
    CHECK(value(name, parse_command_line(mnist_gan(), {"train"}, environment).as<TrainOptions>()) == expected);
    const TemporaryFile file(alias + " = \"" + text + "\"\n");
    CHECK(value(name, train({"--config", file.path()})) == expected);
  };
  for (const auto& [alias, name] : kNames) check(alias, name, "0.125", "0.125");
  check("momentum-epochs", "sgd-momentum-epochs", "7", "7");
  check("n-epochs", "epochs", "7", "7");
  check("n-cpu", "threads", "2", "2");
  check("img-size", "image-size", "32", "32");
  for (const char* const alias : {"bce", "bce-form"}) {
    check(alias, "loss", "logits", "\"cross_entropy\"");
    check(alias, "loss", "clamped_probability", "\"clamped_cross_entropy\"");
  }
}

TEST_CASE("the settings of preset paper: given, refused, and as a file") {
  const TrainOptions options = train({"--step",
                                      "plain",
                                      "--optimizer",
                                      "sgd-momentum",
                                      "--sgd-lr",
                                      "0.05",
                                      "--sgd-decay",
                                      "1.01",
                                      "--sgd-least-rate",
                                      "0.001",
                                      "--initial-momentum",
                                      "0.4",
                                      "--final-momentum",
                                      "0.8",
                                      "--momentum-epochs",
                                      "9",
                                      "--latent-distribution",
                                      "uniform",
                                      "--image-head",
                                      "sigmoid",
                                      "--generator-norm",
                                      "none",
                                      "--discriminator-unit",
                                      "maxout",
                                      "--maxout-pieces",
                                      "3",
                                      "--input-keep",
                                      "0.9",
                                      "--hidden-keep",
                                      "0.6",
                                      "--generator-init",
                                      "0.01",
                                      "--discriminator-init",
                                      "0.02",
                                      "--order",
                                      "simultaneous",
                                      "--train-images",
                                      "7"});
  CHECK(static_cast<const duel::SgdMomentum&>(options.training.optimizer) ==
        duel::SgdMomentum{0.05, 1.01, 0.001, 0.4, 0.8, 9});
  CHECK(options.train_images == 7);
  const TemporaryFile file(to_config_file(options));
  CHECK(train({"--config", file.path()}) == options);
  const TemporaryFile paper(to_config_file(preset(mnist_gan(), "paper")));
  CHECK(train({"--config", paper.path()}) == preset(mnist_gan(), "paper"));
  CHECK(train({"--preset", "paper", "--step", "fused"}).training.step == duel::StepKind::fused);
  CHECK(contains(refusal({"train", "--format", "csv"}), "--format: expected --dry-run beside it, found \"csv\""));
  CHECK(train({"--dry-run", "--format", "csv"}).format == duel::ResultFormat::csv);
  CHECK(train({}, {{"MNIST_GAN_FORMAT", "json"}}).max_iterations == 0);  // a variable is for all commands
  CHECK(contains(refusal({"train", "--levels", "a.svg"}), "--levels: expected --dry-run beside it, found \"a.svg\""));
  CHECK(contains(refusal({"train", "--dry-run", "--levels", "a.png"}),
                 "--levels: expected a file that ends in .svg or .dot, found \"a.png\""));
  CHECK(contains(refusal({"train", "--train-images=-1"}), "--train-images: expected a whole number from 0"));
  CHECK(contains(refusal({"train", "--input-keep", "0"}), "--input-keep is 0"));
}

TEST_CASE("the script's own spellings work") {
  const TrainOptions options =
      train({"--n_epochs", "3", "--batch_size=32", "--lr", "1e-3", "--b1", "0.4", "--b2", "0.9", "--n_cpu", "2",
             "--latent_dim", "10", "--img_size", "32", "--channels", "3", "--sample_interval", "50"});
  CHECK(options.epochs == 3);
  CHECK(options.training.batch_size == 32);
  CHECK(options.training.optimizer.Adam::learning_rate == 1e-3);
  CHECK(options.training.optimizer.Adam::beta1 == 0.4);
  CHECK(options.training.optimizer.Adam::beta2 == 0.9);
  CHECK(options.threads == 2);
  CHECK(options.training.networks.latent_dim == 10);
  CHECK(options.training.networks.image_size == 32);
  CHECK(options.training.networks.channels == 3);
  CHECK(options.sample_interval == 50);
  CHECK(train({"--n-epochs", "3"}).epochs == 3);
}

TEST_CASE("every setting can be given as a flag") {
  const TrainOptions options = train({"--data",
                                      "d_1",
                                      "--outdir=o",
                                      "--name",
                                      "n",
                                      "--seed",
                                      "18446744073709551615",
                                      "--device",
                                      "cuda:1",
                                      "--generator-widths",
                                      "4,8",
                                      "--discriminator-widths",
                                      "16",
                                      "--generator-loss",
                                      "minimax",
                                      "--order",
                                      "discriminator-first",
                                      "--discriminator-steps",
                                      "2",
                                      "--loss",
                                      "cross-entropy",
                                      "--batch-norm-eps",
                                      "1e-5",
                                      "--checkpoint-interval",
                                      "7",
                                      "--max-iterations",
                                      "9",
                                      "--minutes",
                                      "1.5",
                                      "--precision",
                                      "bf16",
                                      "--quiet",
                                      "--dry-run",
                                      "--print-config"});
  CHECK(options.data == "d_1");  // only names change their underscores
  CHECK(options.outdir == "o");
  CHECK(options.name == "n");
  CHECK(options.training.seed == 18446744073709551615u);
  CHECK(options.device == "cuda:1");
  CHECK(options.training.precision == duel::Precision::bf16);
  CHECK(options.training.networks.generator_widths == std::vector<int>{4, 8});
  CHECK(options.training.networks.discriminator_widths == std::vector<int>{16});
  CHECK(options.training.generator_loss == duel::GeneratorLoss::minimax);
  CHECK(options.training.order == duel::UpdateOrder::discriminator_first);
  CHECK(options.training.discriminator_steps == 2);
  CHECK(options.training.loss == duel::loss_kind<duel::CrossEntropy>());
  CHECK(options.training.networks.batch_norm_eps == 1e-5f);
  CHECK(options.checkpoint_interval == 7);
  CHECK(options.max_iterations == 9);
  CHECK(options.minutes == 1.5);
  CHECK(options.quiet);
  CHECK(options.dry_run);
  CHECK(options.print_config);
}

TEST_CASE("presets lsgan and hinge are blog with another loss") {
  for (const auto& [name, loss] : {std::pair{"lsgan", duel::loss_kind<duel::LeastSquares>()},
                                   std::pair{"hinge", duel::loss_kind<duel::Hinge>()}}) {
    TrainOptions options = train({"--preset", name});
    CHECK(options.training.loss == loss);
    options.training.loss = duel::loss_kind<duel::ClampedCrossEntropy>();
    options.preset = "blog";
    options.has_script_pictures = true;
    CHECK(options == preset(mnist_gan(), "blog"));
    CHECK(train({"--preset", "blog", "--game", name}).training == train({"--preset", name}).training);
  }
}

TEST_CASE("preset wgan has the settings of the published script") {
  const duel::TrainingConfig training = train({"--preset", "wgan"}).training;
  CHECK(training.loss == duel::loss_kind<duel::Wasserstein>());
  CHECK(training.weight_clip == 0.01);
  CHECK(training.optimizer.kind == duel::kind_of<duel::Rmsprop>);
  CHECK(static_cast<const duel::Rmsprop&>(training.optimizer) == duel::Rmsprop{5e-5, 0.99, 1e-8});
  CHECK(training.order == duel::UpdateOrder::discriminator_first);
  CHECK(training.discriminator_steps == 5);
  CHECK(training.batch_size == 64);
  CHECK(training.networks == train({"--preset", "blog"}).training.networks);
  CHECK(training.networks.batch_norm_eps == 0.8f);
  CHECK(training.real_label == 1);
  CHECK(training.ema_decay == 0);
  CHECK(train({"--preset", "wgan"}).epochs == 200);
  CHECK(train({"--preset", "wgan"}).sample_interval == 80);
}

TEST_CASE("preset wgan_gp has the settings of the published script") {
  using namespace duel;
  TrainingConfig blog = train({"--preset", "blog"}).training;
  blog.loss = loss_kind<Wasserstein>();
  blog.penalty_weights[penalty_kind<UnitNormPenalty>()] = 10;
  blog.order = UpdateOrder::discriminator_first;
  blog.discriminator_steps = 5;
  CHECK(train({"--preset", "wgan_gp"}).training == blog);
  CHECK(blog.optimizer == Optimizer{});
  CHECK(static_cast<const Adam&>(blog.optimizer).learning_rate == 2e-4);
  CHECK(train({"--preset", "wgan_gp"}).sample_interval == 80);
  CHECK(train({"--game", "wgan_gp"}).training.penalty_weights[penalty_kind<UnitNormPenalty>()] == 10);
  CHECK(train({"--preset", "wgan_gp", "--game", "wgan"}).training.penalty_weights == PenaltyWeights{});
  CHECK(train({"--r1", "2"}).training.penalty_weights[penalty_kind<R1Penalty>()] == 2);
  CHECK(
      contains(refusal({"train", "--game", "wgan_gp", "--r1", "2"}), "--r1 is 2; expected 0 beside gradient_penalty"));
}

TEST_CASE("a game is played over the preset, and under what else is asked for") {
  using namespace duel;
  const TrainingConfig wgan = train({"--game", "wgan"}).training;
  CHECK(wgan.loss == loss_kind<Wasserstein>());
  CHECK(wgan.weight_clip == 0.01);
  CHECK(wgan.real_label == 1);  // the default preset smooths labels, which a critic does not know
  CHECK(wgan.optimizer == train({}).training.optimizer);
  CHECK(train({"--game", "wgan", "--weight-clip", "0.1"}).training.weight_clip == 0.1);
  CHECK(train({"--weight-clip", "0.1", "--game", "wgan"}).training.weight_clip == 0.1);
  CHECK(train({"--game", "lsgan"}).training.real_label == 0.9);
  CHECK(train({"--game", "lsgan"}).training.weight_clip == 0);
  CHECK(train({"--preset", "wgan", "--game", "hinge"}).training.weight_clip == 0);
  CHECK(train({"--preset", "wgan", "--game", "gan"}).training.loss == loss_kind<CrossEntropy>());
  CHECK(train({"--preset", "blog", "--game", "gan"}).training == train({"--preset", "blog"}).training);
  CHECK(train({"--preset", "hinge", "--game", "preset"}) == train({"--preset", "hinge"}));
  CHECK(train({"--game", "hinge", "--loss", "cross_entropy"}).training.loss == loss_kind<CrossEntropy>());
}

TEST_CASE("a game from the environment or from a file, and the stronger one of two") {
  using namespace duel;
  const LossKind hinge = loss_kind<Hinge>();
  const TemporaryFile file("game = \"hinge\"\n"), with_loss("loss = \"cross_entropy\"\nreal-label = 0.9\n");
  CHECK(train({"--config", file.path()}).training.loss == hinge);
  CHECK(train({}, {{"MNIST_GAN_GAME", "hinge"}}).training.loss == hinge);
  CHECK(train({"--game", "lsgan", "--config", file.path()}).training.loss == loss_kind<LeastSquares>());
  CHECK(train({"--config", file.path()}, {{"MNIST_GAN_GAME", "wgan"}}).training.weight_clip == 0.01);
  CHECK(train({"--config", file.path()}, {{"MNIST_GAN_LOSS", "least_squares"}}).training.loss ==
        loss_kind<LeastSquares>());
  // What a file has is under a game that a flag asks for.
  CHECK(train({"--config", with_loss.path(), "--game", "hinge"}).training.loss == hinge);
  CHECK(train({"--config", with_loss.path(), "--game", "hinge"}).training.real_label == 1);
}

TEST_CASE("preset dcgan has the settings of the published script") {
  using namespace duel;
  TrainingConfig blog = train({"--preset", "blog"}).training;
  blog.networks = with_networks(NetworkKind::dcgan, blog.networks);
  blog.networks.image_size = 32;
  CHECK(train({"--preset", "dcgan"}).training == blog);
  CHECK(blog.networks.batch_norm_eps == 0.8f);
}

TEST_CASE("networks of another kind bring their widths, under what else is asked for") {
  using namespace duel;
  const NetworkConfig dcgan = train({"--networks", "dcgan"}).training.networks;
  CHECK(dcgan == with_networks(NetworkKind::dcgan, train({}).training.networks));
  CHECK(train({"--generator-widths", "8,4", "--networks", "dcgan"}).training.networks.generator_widths ==
        std::vector{8, 4});
  CHECK(train({"--networks", "dcgan", "--hidden-keep", "1"}).training.networks.hidden_keep == 1);
  CHECK(train({"--preset", "dcgan", "--networks", "mlp"}).training.networks.generator_widths ==
        NetworkConfig{}.generator_widths);
  CHECK(train({}, {{"MNIST_GAN_NETWORKS", "dcgan"}}).training.networks == dcgan);
  const TrainOptions options = train({"--networks", "dcgan", "--discriminator-widths", "4,8"});
  const std::string text = to_config_file(options);
  CHECK(contains(text, "networks = \"dcgan\"\n"));
  const TemporaryFile file(text);
  CHECK(train({"--config", file.path()}).training == options.training);
  CHECK(contains(refusal({"train", "--networks", "cnn"}), "--networks"));
  CHECK(contains(refusal({"train", "--networks", "dcgan", "--image-size", "30"}),
                 "--networks: generator-widths is a list of 3"));
}

TEST_CASE("files keep what a game consists of, not its name") {
  const TrainOptions options = train({"--game", "wgan"});
  const std::string text = to_config_file(options);
  CHECK(!contains(text, "game"));
  CHECK(contains(text, "loss = \"wasserstein\"\n"));
  CHECK(contains(text, "weight-clip = 0.01\n"));
  const TemporaryFile file(text);
  CHECK(train({"--config", file.path()}) == options);
}

TEST_CASE("what a game cannot have is refused by the name of who asks for it") {
  CHECK(contains(refusal({"train", "--game", "hing"}),
                 "--game: expected preset or gan or lsgan or hinge or wgan or wgan_gp"));
  CHECK(contains(refusal({"train", "--game", "hinge", "--real-label", "0.9"}),
                 "--real-label is 0.9; expected 1 with the loss hinge, which has no labels to smooth"));
  CHECK(contains(refusal({"train", "--loss", "wasserstein"}), "--real-label is 0.9; expected 1 with the loss"));
  CHECK(contains(refusal({"train", "--weight-clip", "-1"}), "--weight-clip is -1; expected a number of at least 0"));
}

TEST_CASE("precedence: flag, environment, file, preset") {
  const TemporaryFile file("epochs = 4\nbatch_size = 5\nlr = 0.5\nbce = \"clamped_probability\"\n");
  const Environment environment = {{"MNIST_GAN_EPOCHS", "3"}, {"MNIST_GAN_BATCH_SIZE", "6"}};
  const TrainOptions options = train({"--config", file.path(), "--epochs", "2"}, environment);
  CHECK(options.epochs == 2);
  CHECK(options.training.batch_size == 6);
  CHECK(options.training.optimizer.Adam::learning_rate == 0.5);
  CHECK(options.training.loss == duel::loss_kind<duel::ClampedCrossEntropy>());
  CHECK(options.sample_interval == 400);
}

TEST_CASE("precedence of the preset's own name, wherever it stands") {
  const TemporaryFile file("epochs = 4\npreset = \"blog\"\n");
  CHECK(train({"--config", file.path()}).preset == "blog");
  CHECK(train({"--config", file.path()}).training.loss == duel::loss_kind<duel::ClampedCrossEntropy>());
  CHECK(train({"--config", file.path()}).epochs == 4);
  CHECK(train({"--config", file.path()}, {{"MNIST_GAN_PRESET", "default"}}).preset == "default");
  CHECK(train({"--config", file.path(), "--preset", "default"}, {{"MNIST_GAN_PRESET", "blog"}}).training.loss ==
        duel::loss_kind<duel::CrossEntropy>());
  CHECK(train({"--epochs", "5", "--preset", "blog"}).epochs == 5);  // a flag before it still counts
}

TEST_CASE("the file itself can come from the environment - a flag names another one") {
  const TemporaryFile first("epochs = 4\n");
  const TemporaryFile second("epochs = 6\n");
  CHECK(train({}, {{"MNIST_GAN_CONFIG", first.path()}}).epochs == 4);
  CHECK(train({"--config", second.path()}, {{"MNIST_GAN_CONFIG", first.path()}}).epochs == 6);
}

TEST_CASE("a repeated flag: the last one counts - an empty variable counts as unset") {
  CHECK(train({"--epochs", "1", "--n_epochs", "2"}).epochs == 2);
  CHECK(train({}, {{"MNIST_GAN_EPOCHS", ""}}).epochs == 200);
  CHECK(train({}, {{"MNIST_GAN_QUIET", "1"}}).quiet);
  CHECK(train({"--quiet=true"}).quiet);
  CHECK(!train({"--quiet=false"}, {{"MNIST_GAN_QUIET", "1"}}).quiet);
  CHECK(
      contains(refusal({"train", "--quiet=99999999999999999999"}), "expected true or false as the value of a switch"));
  CHECK(train({}, {{"MNIST_GAN_N_EPOCHS", "2"}}).epochs == 2);
}

TEST_CASE("unknown options, keys, variables and commands get a suggestion") {
  CHECK(contains(refusal({"train", "--epoch", "3"}), "unknown option '--epoch'; did you mean --epochs?"));
  CHECK(contains(refusal({"train", "--bacth-size=3"}), "unknown option '--bacth-size'; did you mean --batch-size?"));
  CHECK(contains(refusal({"train", "--confg", "x"}), "did you mean --config?"));
  CHECK(contains(refusal({"sample", "--colums", "3"}), "did you mean --columns?"));
  CHECK(contains(refusal({"train", "--wavelength", "3"}), "unknown option '--wavelength'\n"));
  CHECK(contains(refusal({"data", "info", "--data", "x"}), "unknown option '--data'; its value stands by itself here"));
  CHECK(contains(refusal({"trian"}), "unknown command 'trian'; did you mean train?"));
  CHECK(contains(refusal({"--versoin"}), "did you mean --version?"));
  CHECK(contains(refusal({"train", "extra"}), "unexpected argument 'extra'"));
  CHECK(contains(refusal({"train", "sample"}), "sample"));

  const TemporaryFile file("epochs = 4\n\nbatchsize = 5\n");
  CHECK(refusal({"train", "--config", file.path()}) ==
        file.path() + ":3: unknown key 'batchsize'; did you mean batch-size?");

  const Invocation invocation =
      parse_command_line(mnist_gan(), {"train"}, {{"MNIST_GAN_BATCHSIZE", "3"}, {"OTHER", "x"}});
  CHECK(invocation.warnings ==
        Arguments{"environment variable MNIST_GAN_BATCHSIZE is not known; did you mean MNIST_GAN_BATCH_SIZE?"});
  CHECK(parse_command_line(mnist_gan(), {"train"}, {{"MNIST_GAN_COLUMNS", "3"}}).warnings.empty());  // sample's
}

TEST_CASE("values that cannot be understood name their source") {
  CHECK(contains(refusal({"train", "--epochs", "many"}), "--epochs: expected a whole number from"));
  CHECK(contains(refusal({"train", "--epochs", "3.5"}), "found '3.5'"));
  CHECK(contains(refusal({"train", "--epochs", "99999999999"}), "--epochs"));
  CHECK(contains(refusal({"train", "--seed", "-1"}), "--seed"));
  CHECK(contains(refusal({"train", "--lr", "nan"}), "--learning-rate: expected a number, found 'nan'"));
  CHECK(contains(refusal({"train", "--lr", "1e999"}), "--learning-rate"));
  CHECK(contains(refusal({"train", "--batch-norm-eps", "1e99"}), "--batch-norm-eps: expected a number"));
  CHECK(contains(refusal({"train", "--generator-widths", "128,,4"}), "--generator-widths: expected whole numbers"));
  CHECK(contains(refusal({"train", "--loss", "focal"}), "--loss: expected cross_entropy or "));
  CHECK(
      contains(refusal({"train", "--preset", "blgo"}),
               "--preset: expected default, blog, paper, dcgan, lsgan, hinge, wgan or wgan_gp, found 'blgo'; did you"));
  CHECK(contains(refusal({"train", "--epochs"}), "--epochs"));
  CHECK(contains(refusal({"train"}, {{"MNIST_GAN_EPOCHS", "x"}}), "MNIST_GAN_EPOCHS: expected a whole number"));
  const TemporaryFile file("lr = true\n");
  CHECK(contains(refusal({"train", "--config", file.path()}), file.path() + ":1: lr: expected a number, found 'true'"));
}

TEST_CASE("a whole number is refused with the range of its own setting, however far it is out") {
  for (const char* number : {"2147483648", "-99999999999999999999", "1e3", "many"}) {
    CHECK(refusal({"train", "--threads", number}) ==
          "--threads: expected a whole number from 0 to 1024, found '" + std::string(number) + "'");
  }
  CHECK(refusal({"train", "--threads", "1025"}) == "--threads: expected a whole number from 0 to 1024, found 1025");
  CHECK(refusal({"train", "--batch-size", "99999999999"}) ==
        "--batch-size: expected a whole number from 2 to 65536, found '99999999999'");
  CHECK(refusal({"train", "--seed", "-1"}) ==
        "--seed: expected a whole number from 0 to 18446744073709551615, found '-1'");
  CHECK(contains(refusal({"bench", "--width", "1,x"}), "each a whole number from 1 to 64, found '1,x'"));
}

TEST_CASE("an option takes no empty value, but where that means something") {
  for (const auto& [command, names] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"train", {"data", "outdir", "resume", "init-from", "kernel-file", "config", "name", "preset", "device"}},
           {"sample", {"checkpoint", "data", "outdir", "kernel-file"}},
           {"interpolate", {"checkpoint", "outdir"}},
           {"evaluate", {"checkpoint", "data", "out", "classifier-cache"}},
           {"bench", {"out", "preset"}}}) {
    for (const std::string& name : names) {
      const std::string message = "--" + name + ": expected a value, found an empty one";
      CHECK(contains(refusal({command, "--" + name, ""}), message));
      CHECK(contains(refusal({command, "--" + name + "=", "--quiet"}), message));
    }
  }
  CHECK(train({"--kernel="}).kernels.chosen.empty());
}

TEST_CASE("every command that prints a table takes --format table, json or csv, and older spellings") {
  const std::vector<std::string> commands = {"runs", "runs compare", "data info", "evaluate", "bench", "info"};
  std::size_t seen = 0;
  for (const CommandManual& command : manual_of(mnist_gan())) {
    if (std::find(commands.begin(), commands.end(), command.name) == commands.end()) continue;
    ++seen;
    CAPTURE(command.name);
    const auto is_format = [](const OptionManual& option) { return option.name == "format"; };
    const auto format = std::find_if(command.options.begin(), command.options.end(), is_format);
    REQUIRE(format != command.options.end());
    CHECK(format->names == std::vector<std::string>{"table", "json", "csv"});
  }
  CHECK(seen == commands.size());
  const auto parsed = [](const std::vector<std::string>& words) { return parse_command_line(mnist_gan(), words, {}); };
  CHECK(parsed({"evaluate", "--self-test", "--json", "q"}).as<EvaluateOptions>().result.file == "q");
  CHECK(parsed({"bench", "--json=b"}).as<BenchOptions>().result.file == "b");
  CHECK(parsed({"data", "info", "--json", "i"}).as<DataInfoOptions>().result.file == "i");
  CHECK(parsed({"data", "info", "--format", "csv"}).as<DataInfoOptions>().result.format == duel::ResultFormat::csv);
  CHECK(!parsed({"data", "info"}).as<DataInfoOptions>().result.format);
  CHECK(parsed({"info", "--json"}).as<InfoOptions>().json);
  CHECK(contains(refusal({"bench", "--format", "xml"}), "--format: expected table or json or csv, found 'xml'"));
}

TEST_CASE("an option takes no other option for its value") {
  CHECK(refusal({"train", "--data", "--batch_size=8"}) ==
        "--data: expected a value, found the option --batch-size; a path of that name is ./--batch-size");
  CHECK(
      refusal({"sample", "--checkpoint", "--nearest"}).starts_with("--checkpoint: expected a value, found the option"));
  CHECK(train({"--data", "--folder", "--quiet", "--name", "a"}).data == "--folder");
}

TEST_CASE("a long value is cut in messages, and no byte of it cuts or breaks them") {
  const std::string long_text(900'000, 'x');
  for (const char* name :
       {"epochs", "learning-rate", "device", "preset", "name", "step", "generator-widths", "data", "kernel-file"}) {
    const std::string text = refusal({"train", std::string("--") + name, long_text});
    CAPTURE(name);
    CHECK(text.size() < 600);
    CHECK(contains(text, "... (90000"));
  }
  CHECK(refusal({"train", "--epochs", std::string("1\0\n2", 4)}).ends_with("found '1\\x00\\x0a2'"));
}

TEST_CASE("the live page has the port that is named, or the first free one") {
  CHECK(!parse_command_line(mnist_gan(), {"train"}, {}).as<TrainOptions>().serve);
  CHECK(parse_command_line(mnist_gan(), {"train", "--serve"}, {}).as<TrainOptions>().serve == 0);
  CHECK(parse_command_line(mnist_gan(), {"train", "--serve", "--epochs", "3"}, {}).as<TrainOptions>().serve == 0);
  CHECK(parse_command_line(mnist_gan(), {"train", "--serve", "8080"}, {}).as<TrainOptions>().serve == 8080);
  CHECK(parse_command_line(mnist_gan(), {"train", "--serve=8080"}, {}).as<TrainOptions>().serve == 8080);
  CHECK(contains(refusal({"train", "--serve", "65536"}), "--serve: expected a whole number from 0 to 65535"));
  CHECK(contains(refusal({"train", "--serve", "x"}), "--serve: expected a whole number from 0 to 65535, found 'x'"));
  CHECK(
      !contains(to_config_file(parse_command_line(mnist_gan(), {"train", "--serve"}, {}).as<TrainOptions>()), "serve"));
}

TEST_CASE("animate takes either a run or a walk") {
  CHECK(parse_command_line(mnist_gan(), {"animate", "runs/7"}, {}).as<AnimateOptions>().run == "runs/7");
  CHECK(parse_command_line(mnist_gan(), {"animate", "--walk", "--checkpoint", "c"}, {}).as<AnimateOptions>().scale ==
        2);
  CHECK(contains(refusal({"animate"}), "either a run"));
  CHECK(contains(refusal({"animate", "runs/7", "--walk"}), "either a run"));
  CHECK(contains(refusal({"animate", "--walk"}), "--checkpoint: expected"));
  CHECK(contains(refusal({"animate", "r", "--hold", "-1"}), "--hold"));
  CHECK(contains(refusal({"animate", "r", "--format", "mp4"}), "expected both or gif or png"));
}

TEST_CASE("watch takes a run") {
  const WatchOptions options =
      parse_command_line(mnist_gan(), {"watch", "runs/7", "--port", "80"}, {{"MNIST_GAN_OUTDIR", "there"}})
          .as<WatchOptions>();
  CHECK((options.run == "runs/7" && options.port == 80 && options.runs == "there"));
  CHECK(contains(refusal({"watch"}), "RUN"));
  CHECK(contains(refusal({"watch", "a", "b"}), "unexpected argument 'b'"));
}

TEST_CASE("values out of range are refused") {
  CHECK(
      contains(refusal({"train", "--epochs", "0"}), "--epochs: expected a whole number from 1 to 2147483647, found 0"));
  CHECK(contains(refusal({"train", "--batch-size", "0"}), "--batch-size is 0"));
  CHECK(contains(refusal({"train", "--lr=-1"}), "--learning-rate is -1"));
  CHECK(contains(refusal({"train", "--minutes", "-1"}), "--minutes: expected 0 or more, up to"));
  CHECK(contains(refusal({"train", "--sample-interval", "-1"}), "--sample-interval"));
  CHECK(contains(refusal({"train", "--log-format", "xml"}), "expected jsonl or csv"));
  CHECK(contains(refusal({"train", "--scale", "0"}), "--scale: expected a whole number from 1 to 64, found 0"));
  CHECK(contains(refusal({"train", "--name", "../up"}), "--name: expected up to 100 letters"));
  CHECK(contains(refusal({"sample"}), "--checkpoint: expected the file of a checkpoint"));
  CHECK(contains(refusal({"sample", "--checkpoint", "x", "--count", "-1"}), "--count"));
  CHECK(contains(refusal({"sample", "--checkpoint", "x", "--statistics", "old"}), "expected running or batch"));
}

TEST_CASE("sample takes flags and variables") {
  const Invocation invocation = parse_command_line(
      mnist_gan(), {"sample", "--checkpoint", "c", "--count", "5", "--statistics", "batch", "--individual"},
      {{"MNIST_GAN_SEED", "9"}, {"MNIST_GAN_COUNT", "7"}});
  REQUIRE(std::holds_alternative<SampleOptions>(invocation.options));
  CHECK(invocation.as<SampleOptions>().checkpoint == "c");
  CHECK(invocation.as<SampleOptions>().count == 5);
  CHECK(invocation.as<SampleOptions>().seed == 9);
  CHECK(invocation.as<SampleOptions>().statistics == duel::BatchStatistics::batch);
  CHECK(invocation.as<SampleOptions>().individual);
  CHECK(invocation.as<SampleOptions>().columns == 8);
}

TEST_CASE("help: the bare command shows examples first - each command shows its defaults") {
  const std::string bare = parse_command_line(mnist_gan(), {}, {}).as<ShowText>().text;
  CHECK(bare.find("Examples:") < bare.find("Usage:"));
  CHECK(contains(bare, "mnist_gan train --preset blog"));
  CHECK(parse_command_line(mnist_gan(), {"--help"}, {}).as<ShowText>().text == bare);
  const std::string help = parse_command_line(mnist_gan(), {"train", "--help"}, {}).as<ShowText>().text;
  CHECK(contains(help, "--epochs N=200"));
  CHECK(contains(help, "--learning-rate RATE=0.0004 "));
  CHECK(contains(help, "--generator-widths N,N,...=128,256,512,1024"));
  CHECK(contains(help, "Usage: mnist_gan train [OPTIONS]"));
  CHECK(!contains(help, "--image_size"));
  CHECK(contains(parse_command_line(mnist_gan(), {"sample", "-h"}, {}).as<ShowText>().text, "--columns N=8"));
  const std::string version = parse_command_line(mnist_gan(), {"--version"}, {}).as<ShowText>().text;
  CHECK(version.starts_with("mnist_gan " DUEL_VERSION " (c"));
  CHECK(version.ends_with(", kernels " + duel::build_facts().kernels + ")\n"));
}

TEST_CASE("the printed configuration reads back to the same options") {
  TrainOptions options =
      train({"--preset", "blog", "--data", "/a b/\"c\"#d\\", "--lr", "0.1", "--seed", "18446744073709551615",
             "--generator-widths", "3,4", "--order", "discriminator_first", "--minutes", "0.25", "--name", "x"});
  const TemporaryFile file(to_config_file(options));
  CHECK(train({"--config", file.path()}) == options);
  options.quiet = options.dry_run = true;  // not part of the file
  CHECK(to_config_file(options) == to_config_file(train({"--config", file.path()})));
}

TEST_CASE("a window of iterations for a profiler comes from flag, variable or file") {
  CHECK(train({}).profile_iterations.is_empty());
  CHECK(train({"--profile-iterations", "20:25"}).profile_iterations == IterationWindow{20, 25});
  CHECK(train({}, {{"MNIST_GAN_PROFILE_ITERATIONS", "0:1"}}).profile_iterations == IterationWindow{0, 1});
  const TemporaryFile file("profile_iterations = \"3:5\"\n");
  CHECK(train({"--config", file.path()}).profile_iterations == IterationWindow{3, 5});
  CHECK(train({"--config", file.path(), "--profile-iterations", ""}).profile_iterations.is_empty());

  const TrainOptions options = train({"--profile-iterations", "400:500"});
  CHECK(contains(to_config_file(options), "profile-iterations = \"400:500\"\n"));
  const TemporaryFile printed(to_config_file(options));
  CHECK(train({"--config", printed.path()}) == options);
  const TemporaryFile without(to_config_file(train({})));
  CHECK(train({"--config", without.path()}) == train({}));
  CHECK(contains(parse_command_line(mnist_gan(), {"train", "--help"}, {}).as<ShowText>().text,
                 "--profile-iterations A:B"));

  for (const char* bad :
       {"5", "5:", ":5", "5:5", "6:5", "-1:5", "0:5x", "0:5:7", "a:b", " 0:5", "0:99999999999999999999"}) {
    CHECK(refusal({"train", std::string("--profile-iterations=") + bad}) ==
          "--profile-iterations: expected A:B with 0 <= A < B for iterations A to B-1, counted from 0, found '" +
              std::string(bad) + "'");
  }
  CHECK(
      contains(refusal({"train"}, {{"MNIST_GAN_PROFILE_ITERATIONS", "9"}}), "MNIST_GAN_PROFILE_ITERATIONS: expected"));
}

TEST_CASE("configuration files that cannot be read") {
  CHECK(contains(refusal({"train", "--config", "/nonexistent/run.toml"}), "/nonexistent/run.toml: cannot be read"));
  const auto folder = std::filesystem::temp_directory_path().string();
  CHECK(contains(refusal({"train", "--config", folder}), "is a folder"));
  const TemporaryFile huge(std::string((1 << 20) + 1, '#'));
  CHECK(contains(refusal({"train", "--config", huge.path()}), "longer than 1 MiB"));
  const TemporaryFile once("dry-run = true\n");
  CHECK(contains(refusal({"train", "--config", once.path()}), "'dry-run' belongs on the command line"));
  const TemporaryFile twice("epochs = 1\nn_epochs = 2\n");
  CHECK(contains(refusal({"train", "--config", twice.path()}),
                 ":2: 'n_epochs' is given twice, first at " + twice.path() + ":1: epochs"));
}

TEST_CASE("a configuration file that is no regular file is refused without waiting for it") {
  const TemporaryFile file("");
  const std::string pipe = file.path() + ".pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  for (const std::string& path : {pipe, std::string("/dev/zero")}) {
    CHECK(refusal({"train", "--config", path}) == path + ": is a device or a pipe, expected a regular file");
  }
}

TEST_CASE("a value of a file that is out of range is named with its line and its key as it stands there") {
  const auto refused = [](const std::string& text) {
    const TemporaryFile file(text);
    const std::string message = refusal({"train", "--config", file.path()});
    REQUIRE(message.starts_with(file.path()));
    return message.substr(file.path().size());
  };
  CHECK(refused("# first\nn_epochs = 0\n") == ":2: n_epochs: expected a whole number from 1 to 2147483647, found 0");
  CHECK(refused("batch_size = 1\n") == ":1: batch_size is 1; expected a whole number from 2 to 65536");
  CHECK(refused("learning-rate = -1\n") == ":1: learning-rate is -1; expected a number of at least 0");
  CHECK(refused("beta1 = 1\n") == ":1: beta1 is 1; expected a number from 0 to below 1");
  CHECK(refused("sgd-lr = -1\n") == ":1: sgd-lr is -1; expected a number of at least 0");
  CHECK(refused("initial-momentum = 1\n").starts_with(":1: initial-momentum is 1; "));
  CHECK(refused("final-momentum = 1\n").starts_with(":1: final-momentum is 1; "));
  CHECK(refused("momentum-epochs = 0\n").starts_with(":1: momentum-epochs is 0; "));
  CHECK(refused("generator_widths = [8, 0]\n").starts_with(":1: generator_widths[1] is 0; "));
  CHECK(refused("device = \"gpu\"\n") == ":1: device: expected auto, cpu, cuda or cuda:N, found 'gpu'");
  CHECK(refused("name = [\"a\", \"b\"]\n") == ":1: name: expected one value, found a list of 2");
  CHECK(refused("epochs = [1]\n") == ":1: epochs: expected one value, found a list of 1");
  CHECK(refused("epochs = 0x10\n") == ":1: epochs: expected a whole number from 1 to 2147483647, found '0x10'");
  CHECK(refused("lr = nan\n") == ":1: lr: expected a number, found 'nan'");
  CHECK(refused("seed = []\n") == ":1: seed: expected one value, found a list of 0");
  const TemporaryFile file("epochs = 0\n");
  CHECK(refusal({"train", "--config", file.path()}, {{"MNIST_GAN_EPOCHS", "-1"}}).starts_with("MNIST_GAN_EPOCHS: "));
  CHECK(refusal({"train", "--config", file.path(), "--epochs=-2"}).starts_with("--epochs: "));
}

TEST_CASE("an error found later names who gave the value, too") {
  const TemporaryFile file("train_images = 7\n");
  const Invocation invocation = parse_command_line(mnist_gan(), {"train", "--config", file.path()}, {});
  const SettingError error("train-images", ": too many");
  CHECK(std::string(error.what()) == "--train-images: too many");
  CHECK(std::string(with_source(error, invocation.sources).what()) == file.path() + ":1: train_images: too many");
  CHECK(std::string(with_source(error, {}).what()) == "--train-images: too many");
}

TEST_CASE("names of files may hold commas and spaces, lists of other things may stand in one text") {
  const auto files = [](const Arguments& arguments, const Environment& environment = {}) {
    Arguments all = {"evaluate"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return parse_command_line(mnist_gan(), all, environment).as<EvaluateOptions>().checkpoints;
  };
  using Files = std::vector<std::filesystem::path>;
  CHECK(files({"--checkpoint", "lr=0,1/ g.st"}) == Files{"lr=0,1/ g.st"});
  CHECK(files({"--checkpoint", "a,b", "--checkpoint", " c "}) == Files{"a,b", " c "});
  CHECK(files({"--checkpoint", "[a,b]"}) == Files{"[a,b]"});
  CHECK(files({}, {{"MNIST_GAN_CHECKPOINT", "a, b"}}) == Files{"a, b"});
  TrainOptions options = train({"--kernel-file", "a, b.cu", "--kernel-file", "c.cu", "--kernel", "a=b,c=d", "--data",
                                "one, two", "--outdir", "three, four"});
  CHECK(options.kernels.files == Files{"a, b.cu", "c.cu"});
  CHECK(options.kernels.chosen == Arguments{"a=b", "c=d"});
  CHECK((options.data == "one, two" && options.outdir == "three, four"));
  const TemporaryFile file(to_config_file(options));
  CHECK(train({"--config", file.path()}) == options);
}

TEST_CASE("settings whose text has control characters come back from the file, and the file has none") {
  const TrainOptions options = train({"--data", "a\x1b[2J\r\n\x7f\u00e9"});
  const std::string text = to_config_file(options);
  CHECK(text.find_first_of("\x1b\x7f\r") == std::string::npos);
  const TemporaryFile file(text);
  CHECK(train({"--config", file.path()}) == options);
}
