#include "tools/kernel_lab/tune.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "engine/configuration/config_json.h"
#include "engine/io/safetensors.h"
#include "engine/training/trainer.h"
#include "engine/tuning/tuning_cache.h"
#include "kernels/ops/flat_update/flat_update.h"
#include "kernels/ops/flat_update/launchers.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/content.h"
#include "tests/support/text.h"

namespace duel::lab {
namespace {

namespace fs = std::filesystem;
using duel::test::contains;
using duel::test::striped_images;
using duel::test::tiny_config;

constexpr int kImages = 10;  // batches of 4: the last one has 2

/// A folder for the cache, named by the environment.
class CacheFolder : public duel::test::TemporaryFolder {
 public:
  CacheFolder() { setenv("XDG_CACHE_HOME", path().c_str(), 1); }
  fs::path file() const { return path() / "duel/kernels.json"; }
};

TrainingConfig tiny_training(StepKind step) {
  TrainingConfig config = tiny_config();
  config.step = step;
  return config;
}

/// Options of a training that takes no time.
TuneOptions tiny_options(StepKind step = StepKind::plain) {
  const TrainingConfig config = tiny_training(step);
  TuneOptions options;
  options.training.images = kImages;
  options.training.batch_size = config.batch_size;
  options.training.step = step;
  options.training.latent_dim = config.networks.latent_dim;
  options.training.image_size = config.networks.image_size;
  options.training.generator_widths = config.networks.generator_widths;
  options.training.discriminator_widths = config.networks.discriminator_widths;
  options.timing = {.seconds = 0, .least_rounds = 3};
  return options;
}

Trainer tiny_trainer(const KernelSelection& selection, StepKind step = StepKind::plain) {
  const TrainingConfig config = tiny_training(step);
  return {config, striped_images(config.networks, kImages), selection};
}

std::size_t uses_of(const std::vector<KernelUse>& uses, const std::string& op) {
  std::size_t count = 0;
  for (const KernelUse& use : uses) count += use.op == op ? 1 : 0;
  return count;
}

Contender contender(const std::string& variant, double microseconds, double spread = 0, std::size_t count = 100) {
  return {variant,
          {count, microseconds, microseconds * (1 - spread / 2), microseconds, microseconds * (1 + spread / 2),
           2 * microseconds}};
}

int g_wrong_launches = 0, g_right_launches = 0;

void does_nothing(const FlatUpdate<float, Adam>&, StreamView) {
  ++g_wrong_launches;
}
void counted_adam(const FlatUpdate<float, Adam>& a, StreamView stream) {
  ++g_right_launches;
  flat_update_four_values_per_thread(a, stream);
}

TEST_CASE("the table's first variant stays unless another is faster by more than noise and a least gain") {
  CHECK(pick_winner({contender("first", 10), contender("second", 5)}) == 1);
  CHECK(pick_winner({contender("first", 10), contender("second", 20)}) == 0);
  CHECK(pick_winner({contender("first", 10), contender("second", 9), contender("third", 8)}) == 2);
  CHECK(pick_winner({contender("only", 10)}) == 0);
  CHECK(pick_winner({contender("first", 10), contender("second", 9.9)}) == 0);            // a gain of 1 %
  CHECK(pick_winner({contender("first", 10), contender("second", 9, 0.1)}) == 1);         // noise of 1 %
  CHECK(pick_winner({contender("first", 10), contender("second", 9, 1.0)}) == 0);         // of 9 %
  CHECK(pick_winner({contender("first", 10, 1.0), contender("second", 9)}) == 0);         // of the other one
  CHECK(pick_winner({contender("first", 10, 1.0, 10000), contender("second", 9)}) == 1);  // repeated often
  CHECK(pick_winner({contender("first", 0), contender("second", 0)}) == 0);
  CHECK(pick_winner({contender("first", 10), contender("second", 0)}) == 0);  // too short for the clock
  CHECK_THROWS_AS(pick_winner({}), std::invalid_argument);
}

TEST_CASE("every op and shape of an iteration is tuned once, and the app's choice is then the tuned one") {
  const CacheFolder folder;
  const StepKind step = GENERATE(StepKind::fused, StepKind::plain);
  const TuneOptions options = tiny_options(step);
  const Lab lab = open_lab(options.lab);
  std::ostringstream out, err;
  CHECK(run_tune(options, lab, out, err) == kAllWell);
  CHECK(err.str().empty());
  CHECK(contains(out.str(), "cache: " + folder.file().string()));
  CHECK(contains(out.str(), step == StepKind::fused ? "weight_gradient" : "adam"));

  KernelSelection selection;
  CHECK(prefer_tuned(selection, folder.file(), current_tuning_key()).empty());
  const Trainer trainer = tiny_trainer(selection, step);
  for (const KernelUse& use : trainer.kernels().uses()) {
    CAPTURE(use.op, use.shapes);
    CHECK(use.because == SelectedBecause::tuned);
  }
  const auto entries = read_tuning_cache(folder.file());
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].kernels.size() == trainer.kernels().uses().size());
  for (const TunedKernel& tuned : entries[0].kernels) {
    CHECK(tuned.measured.size() == 20);
    CHECK(tuned.measured.back() == 'Z');
  }
}

TEST_CASE("a wrong variant is neither timed nor kept, however fast it is - a right one from outside takes part") {
  const CacheFolder folder;
  TuneOptions options = tiny_options();
  options.output.format = Format::json;
  Lab lab = open_lab(options.lab);
  lab.kernels.add(flat_update_op<Adam>(), {"wrong_but_fast", "does nothing", supports_any_device, does_nothing});
  lab.kernels.add(flat_update_op<Adam>(), {"right", "as a row of the table", supports_any_device, counted_adam});
  lab.kernels.add(flat_update_op<Adam>(),
                  {"unsupported", "nowhere", [](const auto&, const Device&) { return false; }, does_nothing});
  const std::size_t shapes = uses_of(tiny_trainer({}).kernels().uses(), "adam");
  REQUIRE(shapes > 0);
  g_wrong_launches = g_right_launches = 0;
  std::ostringstream out, err;
  CHECK(run_tune(options, lab, out, err) == kFoundWrong);
  // Verified in one execution, then in all to see whether others give other bits; never timed.
  const std::size_t executions = 1 + verify::executions(verify::HowMany::some, 1).size();
  CHECK(g_wrong_launches == static_cast<int>(shapes * executions));
  CHECK(g_right_launches > static_cast<int>(4 * shapes));

  const auto report = nlohmann::json::parse(out.str());
  std::size_t failed = 0;
  for (const auto& one : report.at("cases")) {
    if (one.at("op") != "adam") {
      CHECK(one.at("failures").empty());
      continue;
    }
    ++failed;
    REQUIRE(one.at("failures").size() == 1);
    CHECK(contains(one.at("failures")[0], "wrong_but_fast"));
    CHECK(one.at("contenders").size() == flat_update_op<Adam>().variants.size() + 1);
    for (const auto& timed : one.at("contenders")) CHECK(timed.at("variant") != "wrong_but_fast");
    CHECK(one.at("winner") != "wrong_but_fast");
  }
  CHECK(failed == shapes);
  const std::string cached = duel::test::content_of(folder.file());
  CHECK(contains(cached, "\"adam\""));
  CHECK(!contains(cached, "wrong_but_fast"));
}

TEST_CASE("a dry run leaves the cache alone - a damaged one is kept aside") {
  const CacheFolder folder;
  TuneOptions options = tiny_options();
  options.dry_run = true;
  const Lab lab = open_lab(options.lab);
  std::ostringstream out, err;
  CHECK(run_tune(options, lab, out, err) == kAllWell);
  CHECK(contains(out.str(), "dry run: not written to " + folder.file().string()));
  CHECK(fs::is_empty(folder.path()));

  fs::create_directories(folder.file().parent_path());
  std::ofstream(folder.file()) << "{";
  options.dry_run = false;
  CHECK(run_tune(options, lab, out, err) == kAllWell);
  CHECK(contains(err.str(), folder.file().string() + ".bad"));
  CHECK(read_tuning_cache(folder.file()).size() == 1);
}

TEST_CASE("a cache that cannot be written is known before anything is timed") {
  const CacheFolder folder;
  std::ofstream(folder.path() / "duel") << "a file where the folder should be";
  const Lab lab = open_lab({});
  std::ostringstream out, err;
  CHECK_THROWS_AS(run_tune(tiny_options(), lab, out, err), std::system_error);
  CHECK(out.str().empty());
}

TEST_CASE("a checkpoint says what to tune for - options change it") {
  const CacheFolder folder;
  TensorFile state = tiny_trainer({}).state();
  const std::string file = folder.path() / "checkpoint.safetensors";
  write_safetensors(file, state);
  TuneOptions options;
  options.training.checkpoint = file;
  options.timing = {.seconds = 0, .least_rounds = 2};
  const Lab lab = open_lab(options.lab);
  std::ostringstream out, err;
  const auto inputs = [&] {
    run_tune(options, lab, out, err);
    std::string shapes;
    const auto entries = read_tuning_cache(folder.file());
    for (const TunedKernel& tuned : entries.at(0).kernels) {
      if (tuned.op == "batch_inputs") shapes += tuned.shapes + ";";
    }
    fs::remove_all(folder.path() / "duel");
    return shapes;
  };
  CHECK(inputs() == "1 3x4 - 10x16 16x8 - -;1 3x2 - 10x16 16x4 - -;");
  options.training.images = 9;
  options.training.batch_size = 3;
  CHECK(inputs() == "1 3x3 - 9x16 16x6 - -;");

  options.training.checkpoint = folder.path() / "run";
  const fs::path in_run = folder.path() / "run" / "checkpoints" / "000001.safetensors";
  fs::create_directories(in_run.parent_path());
  fs::copy_file(file, in_run);
  CHECK(inputs() == "1 3x3 - 9x16 16x6 - -;");  // of a run folder the latest

  TrainingConfig conditional = config_from_json(state.metadata.at(kConfigKey));
  conditional.networks.classes = 3;
  state.metadata[kConfigKey] = to_json(conditional);
  write_safetensors(in_run, state);
  CHECK(inputs() == "1 3x3 3 9x16 16x6 9 3;");

  state.metadata.erase("config");
  write_safetensors(in_run, state);
  CHECK_THROWS_AS(run_tune(options, lab, out, err), DataError);
}

TEST_CASE("the command line of tune") {
  const CacheFolder folder;
  const std::vector<std::string> tiny = {
      "tune",         "--dry-run", "--seconds",    "0", "--images",           "4",   "--batch-size",           "2",
      "--latent-dim", "2",         "--image-size", "2", "--generator-widths", "3,4", "--discriminator-widths", "3"};
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = tiny;
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::ostringstream out, err;
    return std::pair{run_command_line(arguments, out, err), out.str() + err.str()};
  };
  CHECK(run({}).first == 0);
  CHECK(contains(run({"--order", "discriminator_first"}).second, "ops and shapes"));
  CHECK(run({"--order", "sideways"}).first == 2);
  CHECK(run({"--batch-size", "0"}).first == 2);
  CHECK(contains(run({"--batchsize", "4"}).second, "did you mean --batch-size?"));
  CHECK(run({"--checkpoint", folder.path() / "none.safetensors"}).first == 3);
  CHECK(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace duel::lab
