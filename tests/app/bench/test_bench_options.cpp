#include "app/bench/bench_measure.h"
#include "app/errors/exit_code.h"
#include "app/settings/commands.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/configuration/network_layout.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using duel::StepKind;
using Arguments = std::vector<std::string>;
using duel::test::contains;

BenchOptions bench_options(Arguments arguments, const Environment& environment = {}) {
  arguments.insert(arguments.begin(), "bench");
  const Invocation invocation = parse_command_line(mnist_gan(), arguments, environment);
  REQUIRE(std::holds_alternative<BenchOptions>(invocation.options));
  return invocation.as<BenchOptions>();
}

/// What a UsageError says; "" where there is none.
std::string refusal(Arguments arguments, const Environment& environment = {}) {
  arguments.insert(arguments.begin(), "bench");
  try {
    parse_command_line(mnist_gan(), arguments, environment);
    return "";
  } catch (const UsageError& error) {
    CHECK(exit_code_of(error) == ExitCode::usage);
    return error.what();
  }
}

}  // namespace

TEST_CASE("bench takes lists, flags before variables") {
  const BenchOptions none = bench_options({});
  CHECK(none.steps.empty());  // the preset's
  CHECK(none.batch_sizes.empty());
  CHECK(none.widths.empty());
  CHECK(!none.scale);
  const BenchOptions options = bench_options(
      {"--step",    "plain,fused", "--batch_size", "64, 128", "--width=1,4", "--rounds",   "5",
       "--seconds", "0.25",        "--iterations", "7",       "--json",      "out_1.json", "--scale",
       "--n_cpu",   "3",           "--kernel",     "a=b",     "--kernel",    "c=d",        "--no-tuned-kernels"},
      {{"MNIST_GAN_ROUNDS", "9"}, {"MNIST_GAN_PRESET", "blog"}, {"MNIST_GAN_WIDTH", "2"}});
  CHECK(options.steps == std::vector<StepKind>{StepKind::plain, StepKind::fused});
  CHECK(options.batch_sizes == std::vector<int>{64, 128});
  CHECK(options.widths == std::vector<int>{1, 4});
  CHECK(options.rounds == 5);
  CHECK(options.seconds == 0.25);
  CHECK(options.iterations == 7);
  CHECK(options.result.file == "out_1.json");
  CHECK(options.scale);
  CHECK(options.threads == 3);
  CHECK(options.preset == "blog");
  CHECK(options.kernels.chosen == Arguments{"a=b", "c=d"});
  CHECK(options.kernels.ignore_tuned);
}

TEST_CASE("bench refuses what it cannot measure, and says what it expects") {
  CHECK(contains(refusal({"--batchsize", "3"}), "unknown option '--batchsize'; did you mean --batch-size?"));
  CHECK(contains(refusal({"--batchsize", "3"}), "Try 'mnist_gan bench --help'."));
  CHECK(contains(refusal({"--widht", "3"}), "did you mean --width?"));
  CHECK(contains(refusal({"extra"}), "unexpected argument 'extra'"));
  CHECK(contains(refusal({"--step", "fast"}), "--step: expected "));
  CHECK(contains(refusal({"--step", "fused,fused"}), "--step: expected every step once"));
  CHECK(contains(refusal({"--batch-size", "64,x"}), "--batch-size: expected whole numbers separated by commas"));
  CHECK(contains(refusal({"--batch-size", "64,1"}), "--batch-size: expected a whole number from 2 to 65536, found 1"));
  CHECK(contains(refusal({"--batch-size", "8,4,8"}), "--batch-size: expected every number once, found [8, 4, 8]"));
  CHECK(contains(refusal({"--width", "0"}), "--width: expected a whole number from 1 to 64"));
  CHECK(contains(refusal({"--rounds", "0"}), "--rounds"));
  CHECK(contains(refusal({"--seconds", "0"}), "--seconds: expected more than 0, up to 86400, found 0"));
  CHECK(contains(refusal({"--iterations=-1"}), "--iterations"));
  CHECK(contains(refusal({"--preset", "blgo"}),
                 "--preset: expected default, blog, paper, dcgan, lsgan, hinge, wgan or wgan_gp, found 'blgo'; did you "
                 "mean blog?"));
  CHECK(contains(refusal({}, {{"MNIST_GAN_ROUNDS", "x"}}), "MNIST_GAN_ROUNDS: expected a whole number"));
  CHECK_THROWS_WITH(parse_command_line(mnist_gan(), {"bnech"}, {}),
                    "unknown command 'bnech'; did you mean bench?\nTry "
                    "'mnist_gan --help'.");
}

TEST_CASE("bench of preset paper takes either step") {
  for (const StepKind step : {StepKind::plain, StepKind::fused}) {
    CHECK(bench_config(preset(mnist_gan(), "paper").training, {step, 100, 2}).networks.discriminator_widths ==
          std::vector<int>{480, 480});
  }
}

TEST_CASE("bench's help has examples and defaults, and its variables are known") {
  const std::string help = parse_command_line(mnist_gan(), {"bench", "--help"}, {}).as<ShowText>().text;
  CHECK(contains(help, "Usage: mnist_gan bench [OPTIONS]"));
  CHECK(contains(help, "--rounds N=11"));
  CHECK(contains(help, "--seconds S=0.5"));
  CHECK(contains(help, "mnist_gan bench --step fused,plain"));
  CHECK(contains(parse_command_line(mnist_gan(), {}, {}).as<ShowText>().text, "mnist_gan bench"));
  CHECK(parse_command_line(mnist_gan(), {"train"}, {{"MNIST_GAN_WIDTH", "2"}}).warnings.empty());
}

TEST_CASE("widths multiply the hidden layers, and the parameters as these say") {
  const duel::TrainingConfig config = bench_config(preset(mnist_gan(), "blog").training, {StepKind::plain, 96, 3});
  CHECK(config.step == StepKind::plain);
  CHECK(config.batch_size == 96);
  CHECK(config.networks.generator_widths == std::vector<int>{384, 768, 1536, 3072});
  CHECK(config.networks.discriminator_widths == std::vector<int>{1536, 768});
  CHECK(config.networks.batch_norm_eps == 0.8f);
  CHECK(bench_config(preset(mnist_gan(), "blog").training, {StepKind::fused, 64, 1}, duel::Precision::tf32).precision ==
        duel::Precision::tf32);
  CHECK(bench_config(preset(mnist_gan(), "blog").training, {StepKind::plain, 64, 1}, duel::Precision::tf32).precision ==
        duel::Precision::tf32);
  const auto parameters = [](int width) {
    const std::int64_t w = width;
    const std::int64_t generator = w * (100 * 128 + 1024 * 784) + w * w * (128 * 256 + 256 * 512 + 512 * 1024) +
                                   w * (128 + 3 * (256 + 512 + 1024)) + 784;
    const std::int64_t discriminator = w * (784 * 512 + 256) + w * w * 512 * 256 + w * (512 + 256) + 1;
    return generator + discriminator;
  };
  for (const int width : {1, 2, 3}) {
    const duel::NetworkConfig networks =
        bench_config(preset(mnist_gan(), "blog").training, {StepKind::fused, 64, width}).networks;
    CHECK(duel::generator_layout(networks).parameter_count() + duel::discriminator_layout(networks).parameter_count() ==
          parameters(width));
  }
  CHECK(parameters(1) == 1'510'032 + 533'505);
}
