// A run that was interrupted and goes on ends as one that was not: every file of the run folder.
#include <csignal>
#include <random>

#include "app/commands/train.h"
#include "app/errors/exit_code.h"
#include "app/run_folder/run_folder.h"
#include "app/settings/commands.h"
#include "app/training/training_session.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/tuning/kernel_record.h"
#include "tests/app/run/run_comparison.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;

/// A kind of training, with small networks and 30 iterations, five an epoch.
struct Kind {
  std::string name;
  TrainOptions options;
};

Kind kind(const Workplace& place, const std::string& name) {
  const bool is_paper = name == "paper";
  TrainOptions options = preset(mnist_gan(), name == "blog" || is_paper ? name : "default");
  const TrainOptions small = place.options();
  duel::TrainingConfig& training = options.training;
  training.batch_size = small.training.batch_size;
  training.networks.image_size = kSize;
  training.networks.latent_dim = 3;
  training.networks.generator_widths = {5, 4};
  training.networks.discriminator_widths = {4};
  training.seed = 7;
  if (name == "plain") training.step = duel::StepKind::plain;
  if (name == "rmsprop") training.optimizer.kind = duel::kind_of<duel::Rmsprop>;
  if (name == "two discriminator steps") {
    training.discriminator_steps = 2;
    training.order = duel::UpdateOrder::discriminator_first;
    training.batch_size = 8;
  }
  if (name == "rmsprop") options.log_format = LogFormat::csv;
  options.watch_interval = 7;
  if (name == "rollback" || name == "alarm") {  // samples become alike, and return three times if that is asked for
    if (name == "rollback") options.on_collapse = OnCollapse::rollback;
    options.watch_interval = 2;
    options.collapse_patience = 1;
    training.networks.generator_init = 1;
    training.optimizer.Adam::learning_rate = 0.05;
  }
  options.train_images = 0;
  options.epochs = 6;
  options.sample_interval = 4;
  options.checkpoint_interval = 3;
  options.log_interval = 3;
  options.data = place.path().string();
  options.outdir = (place.path() / "runs").string();
  options.threads = 1;
  options.quiet = true;
  return {name, options};
}

TrainOptions resumed(const fs::path& run, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"train", "--quiet", "--resume", run.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return parse_command_line(mnist_gan(), arguments, {}).as<TrainOptions>();
}

/// What a process leaves behind that is killed at this moment; its temporary files are then those of a dead process.
/// The checkpoints are copied first: whoever copies the rest later finds no less than was there with them.
void copy_as_killed(const fs::path& run, const fs::path& copy) {
  const std::string mine = "." + std::to_string(getpid()) + "-";
  std::vector<fs::path> files;
  for (const char* const folder : {"checkpoints", "samples", "images", ""}) {
    if (!fs::exists(run / folder)) continue;
    fs::create_directories(copy / folder);
    for (const auto& entry : fs::directory_iterator(run / folder)) {
      if (!entry.is_directory()) files.push_back(entry.path().lexically_relative(run));
    }
  }
  for (const fs::path& file : files) {
    std::string name = file.string();
    if (const auto process = name.find(mine); process != std::string::npos) {
      name.replace(process, mine.size(), ".99999999-");
    }
    std::error_code vanished;  // it has got its name meanwhile, or was one checkpoint too many
    fs::copy(run / file, copy / name, fs::copy_options::copy_symlinks, vanished);
  }
}

/// Trains in a new folder as train() does, with `on_poll` between batches of iterations; it returns a signal that
/// stops the run, or 0.
fs::path train_with(const TrainOptions& options, const std::function<int(const fs::path&)>& on_poll) {
  const duel::ImageSet images = duel::read_idx_folder(options.data, duel::Split::train);
  duel::Trainer trainer(options.training, images);
  RunFolder folder = RunFolder::create(options.outdir, options.preset);
  if (options.has_script_pictures) fs::create_directory(folder.images_folder());
  folder.write_config(to_config_file(options));
  Progress progress(std::cerr, ProgressStyle::of_standard_error(true), {}, [] { return 0.0; });
  const fs::path run = folder.path();
  TrainingSession session(options, images, trainer, folder, progress, {[&] { return on_poll(run); }});
  session.run();
  return run;
}

}  // namespace

TEST_CASE("a run that was killed or stopped at any point ends as one that was not") {
  // A larger sweep, with other points each time: DUEL_RESUME_ROUNDS=100.
  const char* const wanted = std::getenv("DUEL_RESUME_ROUNDS");
  const int rounds = wanted == nullptr ? 1 : std::stoi(wanted);
  const unsigned seed = wanted == nullptr ? 1 : std::random_device()();
  const std::string name =
      GENERATE("default", "blog", "paper", "plain", "rmsprop", "two discriminator steps", "rollback", "alarm");
  CAPTURE(name, seed);
  if (fs::is_directory("/dev/shm")) setenv("TMPDIR", "/dev/shm", 0);  // hundreds of files that are flushed
  Workplace place;
  const Kind all = kind(place, name);
  REQUIRE(train(all.options) == ExitCode::ok);
  const fs::path whole = place.path() / "runs" / ("00000-" + all.options.preset);
  if (name == "rollback") REQUIRE(contains(content_of(whole / "log.txt"), "rollback 3 of 3"));
  if (name == "alarm") REQUIRE(contains(content_of(whole / "log.txt"), "the collapse is over"));

  std::mt19937 random(seed);
  for (int round = 0; round < rounds; ++round) {
    // What a process leaves behind that is killed, at several moments of one run.
    TrainOptions options = all.options;
    options.checkpoint_seconds = random() % 2 == 0 ? 60 : 1e-4;
    int polls = 0, killed = 0;
    std::vector<fs::path> left;
    train_with(options, [&](const fs::path& run) {
      if (++polls % 5 != static_cast<int>(random() % 5) || killed == 6) return 0;
      const fs::path copy = place.path() / "killed" / (std::to_string(round) + "-" + std::to_string(killed++));
      copy_as_killed(run, copy);
      if (CheckpointFolder(copy / "checkpoints").iterations().empty()) return 0;
      std::ofstream(stats_file(copy), std::ios::app) << "{\"iteration\":2";
      std::ofstream(copy / "samples" / "000099.png.99999999-4.tmp") << "half";
      left.push_back(copy);
      return 0;
    });
    // And one that is stopped by a signal, three times in all.
    int until = static_cast<int>(random() % 12);
    left.push_back(train_with(options, [&](const fs::path&) { return until-- <= 0 ? SIGTERM : 0; }));
    for (const fs::path& run : left) {
      CAPTURE(run.string());
      const std::string threads = std::to_string(1 + random() % 3);
      CHECK(train(resumed(run, {"--threads", threads})) == ExitCode::ok);
      CHECK(difference_between_runs(whole, run) == "");
    }
  }
}
