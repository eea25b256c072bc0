// The least and the greatest value of every setting: accepted with a plan that adds up, and the values beyond them
// refused by name.
#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "app/errors/exit_code.h"
#include "app/run/plan.h"
#include "app/settings/commands.h"
#include "app/settings/setting.h"
#include "app/training/schedule.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"

namespace {

using namespace duel::app;
using Arguments = std::vector<std::string>;

constexpr std::int64_t kImages = 60'000;

/// What a UsageError says; "" where the command line is accepted.
std::string limit_refusal(const Arguments& arguments) {
  return duel::test::thrown_message<UsageError>([&] { parse_command_line(mnist_gan(), arguments, {}); });
}

/// Whatever the numbers are, none of the plan's has wrapped around, and the run's pauses lead to its end.
void require_sound_plan(const TrainOptions& options) {
  Plan plan;
  try {
    plan = make_plan(options, kImages);
  } catch (const std::invalid_argument&) {  // a clean refusal
    return;
  }
  REQUIRE(plan.iterations_per_epoch >= 1);
  REQUIRE(plan.iterations_per_epoch <= kImages);
  REQUIRE(plan.iterations >= 1);
  REQUIRE(plan.iterations / plan.iterations_per_epoch <= options.epochs);
  REQUIRE(plan.generator_parameters > 0);
  REQUIRE(plan.discriminator_parameters > 0);
  REQUIRE(plan.generator_parameters <= std::numeric_limits<int>::max());
  REQUIRE(plan.discriminator_parameters <= std::numeric_limits<int>::max());
  // Weights, gradients and a moment; generated images, and two of each real one.
  const std::int64_t batch = options.training.batch_size, pixels = options.training.networks.pixels();
  REQUIRE(plan.device_bytes >=
          plan.image_bytes + 12 * (plan.generator_parameters + plan.discriminator_parameters) + 8 * batch * pixels);
  REQUIRE(plan.image_bytes == kImages * pixels);
  REQUIRE(plan.operations_per_iteration > 0);
  const Schedule schedule = {.total = plan.iterations,
                             .iterations_per_epoch = plan.iterations_per_epoch,
                             .sample_interval = options.sample_interval,
                             .checkpoint_interval = options.checkpoint_interval,
                             .has_script_pictures = true,
                             .watch_interval = options.watch_interval};
  for (const std::int64_t done : {std::int64_t{0}, plan.iterations / 2, plan.iterations - 1}) {
    REQUIRE(schedule.next_pause(done) > done);
    REQUIRE(schedule.next_pause(done) <= plan.iterations);
  }
}

/// A setting's greatest and least value, and the nearest ones that are refused ("": none is).
struct Limits {
  const char *command, *name, *least, *greatest, *too_small, *too_great;
};

constexpr const char *kInt = "2147483647", *kAboveInt = "2147483648", *kLong = "9223372036854775807",
                     *kAboveLong = "9223372036854775808", *kUnsigned = "18446744073709551615",
                     *kAboveUnsigned = "18446744073709551616", *kFloat = "3.4e38", *kAboveFloat = "3.5e38",
                     *kTiny = "1.2e-38", *kBelowTiny = "1.1e-38";

constexpr Limits kLimits[] = {
    {"train", "train-images", "0", kInt, "-1", kAboveInt},
    {"train", "threads", "0", "1024", "-1", "1025"},
    {"train", "seed", "0", kUnsigned, "-1", kAboveUnsigned},
    {"train", "epochs", "1", kInt, "0", kAboveInt},
    {"train", "max-iterations", "0", kLong, "-1", kAboveLong},
    {"train", "minutes", "0", "5256000", "-1e-9", "5256001"},
    {"train", "batch-size", "2", "65536", "1", "65537"},
    {"train", "learning-rate", "0", kFloat, "-1e-9", kAboveFloat},
    {"train", "learning-rate", kTiny, kFloat, kBelowTiny, "1e300"},
    {"train", "beta1", "0", "0.9999999", "-1e-9", "0.99999999"},
    {"train", "beta2", "0", "0.9999999", kBelowTiny, "1"},
    {"train", "adam-eps", kTiny, kFloat, kBelowTiny, kAboveFloat},
    {"train", "adam-eps", kTiny, "1", "0", "1e300"},
    {"train", "sgd-learning-rate", "0", kFloat, "1e-60", kAboveFloat},
    {"train", "sgd-decay", "1", kFloat, "0.999", kAboveFloat},
    {"train", "sgd-least-rate", "0", kFloat, "-1", kAboveFloat},
    {"train", "sgd-initial-momentum", "0", "0.9999999", "-1", "0.99999999"},
    {"train", "sgd-final-momentum", "0", "0.9999999", "1e-60", "1"},
    {"train", "sgd-momentum-epochs", "1", "1000000", "0", "1000001"},
    {"train", "rmsprop-learning-rate", "0", kFloat, "-1", kAboveFloat},
    {"train", "rmsprop-alpha", "0", "0.9999999", "-1", "1"},
    {"train", "rmsprop-eps", kTiny, kFloat, "0", kAboveFloat},
    {"train", "discriminator-steps", "1", "100", "0", "101"},
    {"train", "real-label", kTiny, "1", kBelowTiny, "1.001"},
    {"train", "ema-decay", "0", "0.9999999999", "-1", "1"},
    {"train", "weight-clip", "0", kFloat, "-1", kAboveFloat},
    {"train", "latent-dim", "1", "65536", "0", "65537"},
    {"train", "image-size", "1", "1024", "0", "1025"},
    {"train", "channels", "1", "3", "0", "4"},
    {"train", "generator-widths", "1", "65536", "0", "65537"},
    {"train", "generator-widths", "1,1", "16000,65536", "1,0", "32767,65536"},
    {"train", "discriminator-widths", "1", "65536", "0", "65537"},
    {"train", "discriminator-widths", "1,1", "16000,65536", "", "65536,32768"},
    {"train", "maxout-pieces", "1", "256", "0", "257"},
    {"train", "input-keep", kTiny, "1", kBelowTiny, "1.001"},
    {"train", "hidden-keep", kTiny, "1", "0", "2"},
    {"train", "leaky-slope", "0", "1", "-0.1", "1.001"},
    {"train", "leaky-slope", kTiny, "1", "1e-40", "1e38"},
    {"train", "batch-norm-eps", kTiny, kFloat, kBelowTiny, "1e39"},
    {"train", "batch-norm-momentum", "0", "1", "-0.1", "1.001"},
    {"train", "generator-init", "0", kFloat, "-1", "1e39"},
    {"train", "discriminator-init", "0", kFloat, "-1", "1e39"},
    {"train", "sample-interval", "0", kLong, "-1", kAboveLong},
    {"train", "scale", "1", "64", "0", "65"},
    {"train", "serve", "0", "65535", "-1", "65536"},
    {"train", "checkpoint-interval", "0", kLong, "-1", kAboveLong},
    {"train", "checkpoint-seconds", "0", "1e308", "-1", ""},
    {"train", "keep-checkpoints", "0", kInt, "-1", kAboveInt},
    {"train", "watch-interval", "0", kLong, "-1", kAboveLong},
    {"train", "collapse-patience", "0", kLong, "-1", kAboveLong},
    {"train", "log-interval", "1", kLong, "0", kAboveLong},
    {"train", "profile-iterations", "0:1", "0:9223372036854775807", "-1:1", "0:9223372036854775808"},
    {"sample", "seed", "0", kUnsigned, "-1", kAboveUnsigned},
    {"sample", "threads", "0", "1024", "-1", "1025"},
    {"sample", "count", "0", "100000", "-1", "100001"},
    {"sample", "columns", "1", "100000", "0", "100001"},
    {"interpolate", "count", "2", "12500", "1", "100001"},  // of the 100,000 of 8 rows
    {"interpolate", "rows", "1", "10000", "0", "10001"},
    {"interpolate", "seed", "0", kUnsigned, "-1", kAboveUnsigned},
    {"bench", "batch-size", "2", "65536", "1", "65537"},
    {"bench", "width", "1", "64", "0", "65"},
    {"bench", "rounds", "1", "10000", "0", "10001"},
    {"bench", "seconds", "1e-300", "86400", "0", "86401"},
    {"bench", "iterations", "0", "1000000000", "-1", "1000000001"},
    {"bench", "threads", "0", "1024", "-1", "1025"},
    {"watch", "port", "0", "65535", "-1", "65536"},
    {"evaluate", "samples", "10", "100000", "9", "100001"},
    {"evaluate", "seeds", "1", "1000", "0", "1001"},
    {"evaluate", "seed", "0", "18446744073709551613", "-1", "18446744073709551614"},  // three of them
    {"evaluate", "threads", "0", "1024", "-1", "1025"},
    {"data import", "size", "0", "1024", "-1", "1025"},
    {"data import", "channels", "0", "3", "-1", "4"},
    {"data import", "test-share", "0", "0.999", "-0.1", "1"},
    {"data import", "seed", "0", kUnsigned, "-1", kAboveUnsigned},
    {"data import", "threads", "0", "1024", "-1", "1025"},
    {"data fetch", "patience", "1", "3600", "0.9", "3601"},
    {"data preview", "columns", "1", "1000", "0", "1001"},
};

/// The command with what it cannot do without.
Arguments command_line(const std::string& command) {
  if (command == "train") {
    return {"train", "--step=plain", "--discriminator-unit=maxout", "--maxout-pieces=2", "--discriminator-widths=8"};
  }
  if (command == "bench") return {"bench"};
  if (command == "watch") return {"watch", "r"};
  if (command == "data import") return {"data", "import", "photos", "--out", "dataset"};
  if (command == "data preview") return {"data", "preview"};
  if (command == "data fetch") return {"data", "fetch", "mnist"};
  return {command, "--checkpoint", "c"};
}

Arguments with(const Limits& limits, const std::string& value) {
  Arguments arguments = command_line(limits.command);
  arguments.push_back(std::string("--") + limits.name + "=" + value);
  return arguments;
}

/// Every name of the command's settings.
template <class Options>
std::vector<std::string> names(const std::vector<Setting<Options>>& settings) {
  std::vector<std::string> found;
  for (const Setting<Options>& setting : settings) found.push_back(setting.name);
  return found;
}

}  // namespace

TEST_CASE("the least and the greatest value of a setting are accepted, those beyond are refused by name") {
  for (const Limits& limits : kLimits) {
    CAPTURE(limits.command, limits.name);
    for (const char* value : {limits.least, limits.greatest}) {
      CAPTURE(value);
      CHECK(limit_refusal(with(limits, value)) == "");
      const Invocation invocation = parse_command_line(mnist_gan(), with(limits, value), {});
      if (std::holds_alternative<TrainOptions>(invocation.options)) require_sound_plan(invocation.as<TrainOptions>());
    }
    for (const std::string value : {limits.too_small, limits.too_great}) {
      if (value.empty()) continue;
      CAPTURE(value);
      CHECK(limit_refusal(with(limits, value)).starts_with(std::string("--") + limits.name));
    }
  }
}

TEST_CASE("whatever is asked of a setting, it is refused by name or makes a plan that adds up") {
  std::vector<std::pair<std::string, std::vector<std::string>>> commands;
  for_each_command(
      [&commands]<class Options>() { commands.emplace_back(Options::kCommand.name, names(Options::settings())); });
  static constexpr const char* kValues[] = {"-9223372036854775809",
                                            "-9223372036854775808",
                                            "-2147483649",
                                            "-2147483648",
                                            "-1",
                                            "-0",
                                            "0",
                                            "1",
                                            "2",
                                            "65536",
                                            "2147483647",
                                            "2147483648",
                                            "4294967295",
                                            "4294967296",
                                            "9223372036854775807",
                                            "9223372036854775808",
                                            "18446744073709551615",
                                            "18446744073709551616",
                                            "1e-60",
                                            "1e-45",
                                            "1e38",
                                            "1e308",
                                            "1e999",
                                            "-1e308",
                                            "nan",
                                            "inf",
                                            "0x10",
                                            "1,2,3",
                                            "65536,65536,65536,65536",
                                            "1:9223372036854775807"};
  std::size_t setting = 0;
  for (const auto& [command, settings] : commands) {
    for (const std::string& name : settings) {
      if (name == "resume") continue;  // looks for the run at once
      ++setting;
      for (std::size_t i = 0; i < std::size(kValues); ++i) {
        // Of commands whose kinds of settings train has, too, every third value, others for the next setting.
        if (command != "train" && (i + setting) % 3 != 0) continue;
        const char* const value = kValues[i];
        CAPTURE(command, name, value);
        Arguments arguments = command_line(command);
        arguments.push_back("--" + name + "=" + value);
        const std::string refused = limit_refusal(arguments);
        if (!refused.empty()) continue;
        const Invocation invocation = parse_command_line(mnist_gan(), arguments, {});
        if (std::holds_alternative<TrainOptions>(invocation.options)) require_sound_plan(invocation.as<TrainOptions>());
      }
    }
  }
}

TEST_CASE("all settings at their greatest values at once make a plan that adds up, or are refused") {
  Arguments arguments = command_line("train");
  for (const Limits& limits : kLimits) {
    if (std::string(limits.command) != "train" || std::string(limits.name).ends_with("widths")) continue;
    arguments.push_back(std::string("--") + limits.name + "=" + limits.greatest);
  }
  for (const char* widths : {"1", "600", "65536"}) {
    Arguments all = arguments;
    all.insert(all.end(), {"--generator-widths", widths, "--discriminator-widths", "2"});
    const std::string refused = limit_refusal(all);
    CAPTURE(widths, refused);
    if (refused.empty()) {
      require_sound_plan(parse_command_line(mnist_gan(), all, {}).as<TrainOptions>());
    } else {
      CHECK(refused.starts_with("--"));
    }
  }
}
