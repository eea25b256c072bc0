#include "app/device/kernel_choice.h"

#include <cmath>

#include "app/commands/sample.h"
#include "app/commands/train.h"
#include "app/settings/commands.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/io/safetensors.h"
#include "engine/training/trainer.h"
#include "engine/tuning/kernel_record.h"
#include "engine/tuning/tuning_cache.h"
#include "kernels/ops/flat_update/flat_update.h"
#include "tests/app/workplace.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::app;
using namespace duel::app::test;

/// Variants that run on both devices; on the CPU device none of them is the first row of its table.
const std::vector<std::string> kChoices = {
    "linear_forward=shared_memory_tiles", "input_gradient=level_tiles",
    "discriminator_head=level_tiles",     "mean_losses=level_tiles",
    "scale_columns=level_tiles",          "weight_gradient=level_tiles",
};

/// Of a step: the plain one has the optimizer's update by itself.
std::vector<std::string> choices_of(StepKind step) {
  std::vector<std::string> choices = kChoices;
  if (step == StepKind::plain) choices.push_back("adam=four_values_per_thread");
  return choices;
}

/// The message of the UsageError that `work` throws; "" where it throws none.
template <class Work>
std::string refusal(const Work& work) {
  try {
    work();
    return "";
  } catch (const UsageError& error) {
    CHECK(exit_code_of(error) == ExitCode::usage);
    return error.what();
  }
}

std::string refused_choice(const std::string& choice) {
  KernelSelection selection;
  return refusal([&] { choose_kernels(selection, {.files = {}, .chosen = {choice}}); });
}

std::string latest(const Workplace& place, const std::string& run) {
  return place.path() / "runs" / run / "checkpoints" / "latest.safetensors";
}

std::string record_of(const Workplace& place, const std::string& run) {
  return content_of(place.path() / "runs" / run / "kernels.json");
}

std::string without_spaces(std::string text) {
  std::erase_if(text, [](char c) { return c == '\n' || c == ' '; });
  return text;
}

/// Every op and shape of a training with these options.
std::vector<KernelUse> uses_of(const TrainOptions& options) {
  return Trainer(options.training, read_idx_folder(options.data, Split::train)).kernels().uses();
}

/// Tunes adam to the variant that its table has last.
void tune_adam(const TrainOptions& options) {
  std::vector<TunedKernel> tuned;
  for (const KernelUse& use : uses_of(options)) {
    if (use.op == "adam") tuned.push_back({use.op, use.shapes, "four_values_per_thread", 1e-6, "now"});
  }
  REQUIRE(tuned.size() == 2);  // of both players
  update_tuning_cache(*tuning_cache_file(), current_tuning_key(), tuned);
}

}  // namespace

TEST_CASE("choices of kernels come from flags, the environment and files, and are printed") {
  Workplace place;
  const auto chosen = [](const std::vector<std::string>& arguments, const Environment& environment = {}) {
    return parse_command_line(mnist_gan(), arguments, environment).as<TrainOptions>().kernels.chosen;
  };
  const std::string file = place.path() / "run.toml";
  std::ofstream(file) << "kernel = [\"adam=a\",\n  'transpose=b']\nno-tuned-kernels = true\n";
  const Environment environment = {{"MNIST_GAN_KERNEL", "adam=c , end_iteration=d"}};
  CHECK(chosen({"train"}).empty());
  CHECK(chosen({"train", "--config", file}) == Names{"adam=a", "transpose=b"});
  CHECK(chosen({"train", "--config", file}, environment) == Names{"adam=c", "end_iteration=d"});
  CHECK(chosen({"train", "--config", file, "--kernel", "adam=e", "--kernel=adam=f,end_iteration=g", "--quiet"},
               environment) == Names{"adam=e", "adam=f", "end_iteration=g"});
  CHECK(chosen({"train", "--kernel", ""}, environment).empty());
  CHECK(contains(refusal([] {
                   parse_command_line(mnist_gan(), {"train", "--kernel", "adam=a,,"}, {});
                 }),
                 "--kernel: expected"));
  CHECK(contains(refusal([] {
                   parse_command_line(mnist_gan(), {"train", "--kernel", "adam=a", "b"}, {});
                 }),
                 "unexpected argument"));

  TrainOptions options = parse_command_line(mnist_gan(), {"train", "--config", file}, {}).as<TrainOptions>();
  CHECK(options.kernels.ignore_tuned);
  CHECK(!parse_command_line(mnist_gan(), {"train"}, {}).as<TrainOptions>().kernels.ignore_tuned);
  CHECK(parse_command_line(mnist_gan(), {"train"}, {{"MNIST_GAN_NO_TUNED_KERNELS", "1"}})
            .as<TrainOptions>()
            .kernels.ignore_tuned);
  CHECK(contains(to_config_file(options), "kernel = [\"adam=a\", \"transpose=b\"]\nno-tuned-kernels = true\n"));
  const std::string again = place.path() / "again.toml";
  std::ofstream(again) << to_config_file(options);
  CHECK(parse_command_line(mnist_gan(), {"train", "--config", again}, {}).as<TrainOptions>() == options);
  options.kernels = {};
  CHECK(contains(to_config_file(options), "kernel = []\nno-tuned-kernels = false\n"));

  const SampleOptions sampling =
      parse_command_line(mnist_gan(), {"sample", "--checkpoint", "c", "--kernel", "adam=a", "--no-tuned-kernels"},
                         environment)
          .as<SampleOptions>();
  CHECK(sampling.kernels == KernelOptions{.files = {}, .chosen = {"adam=a"}, .ignore_tuned = true});
}

TEST_CASE("names that nobody knows are refused with those that there are, before anything is done") {
  CHECK(contains(refused_choice("adma=x"),
                 "--kernel adma=x: there is no op 'adma'; expected one of softmax_cross_entropy"));
  CHECK(contains(refused_choice("adma=x"), "; did you mean adam?"));
  CHECK(contains(refused_choice("adam=four_value_per_thread"), "expected one of"));
  CHECK(contains(refused_choice("adam=four_value_per_thread"), "; did you mean four_values_per_thread?"));
  CHECK(contains(refused_choice("adam"), "expected op=variant"));
  CHECK(contains(refused_choice("adam="), "adam has no variant ''"));
  CHECK(refused_choice("adam=four_values_per_thread").empty());

  Workplace place;
  TrainOptions options = place.options();
  options.kernels.chosen = {"adma=x"};
  CHECK(contains(refusal([&] { train(options); }), "--kernel adma=x"));
  options.print_config = true;
  CHECK(contains(refusal([&] { train(options); }), "--kernel adma=x"));
  CHECK(!fs::exists(options.outdir));
  SampleOptions sampling = defaults_of<SampleOptions>(mnist_gan());
  sampling.kernels.chosen = {"adma=x"};
  CHECK(contains(refusal([&] { sample(sampling); }), "--kernel adma=x"));
}

TEST_CASE("a chosen variant that does not support a case is a usage error that lists those that do") {
  Workplace place;
  TrainOptions options = place.options();
  options.training.step = StepKind::plain;
  KernelSelection selection;
  selection.add(flat_update_op<Adam>(),
                {"never", "supports nothing", [](const FlatUpdate<float, Adam>&, const Device&) { return false; },
                 [](const FlatUpdate<float, Adam>&, StreamView) {}});
  const KernelOptions kernels = {.files = {}, .chosen = {"adam=never"}};
  choose_kernels(selection, kernels);
  const ImageSet images = read_idx_folder(options.data, Split::train);
  const std::string message =
      refusal([&] { with_chosen_kernels(kernels, [&] { return Trainer(options.training, images, selection); }); });
  CHECK(contains(message, "--kernel adam=never: this variant does not support tensors of "));
  CHECK(contains(message, "these do: "));
  CHECK(contains(message, "four_values_per_thread"));
  CHECK_THROWS_AS(with_chosen_kernels(kernels, []() -> int { throw std::invalid_argument("of another kind"); }),
                  std::invalid_argument);
}

TEST_CASE("chosen kernels train as the default ones do, up to rounding") {
  Workplace place;
  TrainOptions options = place.options();
  options.training.step = GENERATE(StepKind::fused, StepKind::plain);
  const ImageSet images = read_idx_folder(options.data, Split::train);
  KernelSelection selection;
  choose_kernels(selection, {.files = {}, .chosen = choices_of(options.training.step)});
  const auto statistics = [&](const KernelSelection& kernels) {
    Trainer trainer(options.training, images, kernels);
    std::vector<IterationStats> all;
    trainer.run(5, [&](std::span<const IterationStats> stats) { all.insert(all.end(), stats.begin(), stats.end()); });
    return all;
  };
  const auto plain = statistics({}), chosen = statistics(selection);
  REQUIRE(plain.size() == 5);
  REQUIRE(chosen.size() == 5);
  const auto is_close = [](float a, float b) { return std::abs(a - b) <= 1e-4f; };
  for (std::size_t i = 0; i < plain.size(); ++i) {
    CAPTURE(i);
    CHECK(is_close(plain[i].discriminator_loss, chosen[i].discriminator_loss));
    CHECK(is_close(plain[i].generator_loss, chosen[i].generator_loss));
    CHECK(is_close(plain[i].d_real, chosen[i].d_real));
    CHECK(is_close(plain[i].d_fake, chosen[i].d_fake));
  }
}

TEST_CASE("a chosen kernel that no iteration would run is refused") {
  Workplace place;
  TrainOptions options = place.options();
  options.kernels.chosen = {"adam=four_values_per_thread"};
  const std::string message = refusal([&] { train(options); });
  CHECK(
      contains(message, "--kernel adam=four_values_per_thread: an iteration of --step fused has no such op; it has "));
  CHECK(contains(message, "batch_inputs, linear_forward, "));
  CHECK(contains(message, "; --step plain has others"));
  CHECK(!fs::exists(options.outdir));
  options.training.step = StepKind::plain;
  CHECK(train(options) == ExitCode::ok);
}

TEST_CASE("a run remembers its kernels: in its folder, its checkpoints, its log and its plan") {
  Workplace place;
  TrainOptions options = place.options();
  options.training.step = GENERATE(StepKind::fused, StepKind::plain);
  const std::vector<std::string>& choices = choices_of(options.training.step);
  options.kernels.chosen = choices;
  options.dry_run = true;
  train(options);
  CHECK(contains(place.out.str(), "chosen kernels    " + choices[0] + ", " + choices[1] + ", "));
  options.dry_run = false;
  train(options);
  const std::string record = record_of(place, "00000-default");
  CHECK(read_safetensors(latest(place, "00000-default")).metadata.at("kernels").size() > 0);
  CHECK(without_spaces(read_safetensors(latest(place, "00000-default")).metadata.at("kernels")) ==
        without_spaces(record));
  for (const std::string& choice : choices) {
    CAPTURE(choice);
    const std::string op = choice.substr(0, choice.find('=')), variant = choice.substr(choice.find('=') + 1);
    std::size_t uses = 0;
    std::istringstream lines(record);
    for (std::string line; std::getline(lines, line);) {
      if (!contains(line, "\"op\":\"" + op + "\"")) continue;
      ++uses;
      CHECK(contains(line, "\"variant\":\"" + variant + "\",\"because\":\"chosen\""));
    }
    CHECK(uses > 0);
  }
  CHECK(contains(record, "\"because\":\"preferred\""));
  CHECK(contains(content_of(place.path() / "runs/00000-default/log.txt"), "kernels chosen "));
  const Invocation again = parse_command_line(
      mnist_gan(), {"train", "--config", (place.path() / "runs/00000-default/config.toml").string()}, {});
  CHECK(again.as<TrainOptions>().kernels == options.kernels);
}

TEST_CASE("training takes what was tuned, says so, and leaves it where it is told to") {
  Workplace place;
  TrainOptions options = place.options();
  options.training.step = StepKind::plain;
  tune_adam(options);
  const std::string tuned = "\"variant\":\"four_values_per_thread\",\"because\":\"tuned\"";
  train(options);
  CHECK(contains(record_of(place, "00000-default"), tuned));
  CHECK(contains(place.error.str(), "tuned 2, "));
  options.kernels.ignore_tuned = true;
  train(options);
  CHECK(!contains(record_of(place, "00001-default"), "tuned"));
  options.kernels = {.files = {}, .chosen = {"adam=" + std::string(flat_update_op<Adam>().variants[0].name)}};
  train(options);
  CHECK(!contains(record_of(place, "00002-default"), "tuned"));
  CHECK(contains(record_of(place, "00002-default"), "\"because\":\"chosen\""));
  CHECK(!contains(place.error.str(), "warning"));
}

TEST_CASE("a tuned variant that this build lacks, or a damaged cache, is a warning - training goes on") {
  Workplace place;
  TrainOptions options = place.options();
  options.quiet = true;
  const KernelUse use = uses_of(options).front();
  const std::vector<TunedKernel> gone = {{use.op, use.shapes, "of_another_build", 1e-6, "now"}};
  update_tuning_cache(*tuning_cache_file(), current_tuning_key(), gone);
  CHECK(train(options) == ExitCode::ok);
  CHECK(contains(place.error.str(), "mnist_gan: warning: " + use.op + ": the tuned variant 'of_another_build'"));
  CHECK(contains(content_of(place.path() / "runs/00000-default/log.txt"), "warning: " + use.op));

  std::ofstream(*tuning_cache_file()) << "{";
  place.error.str("");
  CHECK(train(options) == ExitCode::ok);
  const std::string warning = "warning: tuned kernels are not used: " + tuning_cache_file()->string();
  CHECK(contains(place.error.str(), "mnist_gan: " + warning));
  CHECK(contains(content_of(place.path() / "runs/00001-default/log.txt"), warning));
  CHECK(content_of(*tuning_cache_file()) == "{");

  SampleOptions sampling = defaults_of<SampleOptions>(mnist_gan());
  sampling.checkpoint = latest(place, "00001-default");
  sampling.outdir = place.path() / "drawn";
  place.error.str("");
  CHECK(sample(sampling) == ExitCode::ok);
  CHECK(contains(place.error.str(), warning));
  place.error.str("");
  sampling.kernels = {.files = {}, .chosen = {"linear_forward=shared_memory_tiles"}, .ignore_tuned = true};
  CHECK(sample(sampling) == ExitCode::ok);
  CHECK(place.error.str().empty());
}
