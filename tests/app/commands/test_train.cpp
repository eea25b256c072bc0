#include "app/commands/train.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/commands/sample.h"
#include "app/errors/exit_code.h"
#include "app/run_folder/run_folder.h"
#include "app/run_folder/run_outcome.h"
#include "app/settings/commands.h"
#include "app/training/training_session.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/io/data_error.h"
#include "engine/io/picture_file.h"
#include "tests/app/workplace.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/profiler.h"
#endif

namespace {

using namespace duel::app;
using namespace duel::app::test;

/// A training by itself, without what train() does around it.
struct Session {
  explicit Session(const TrainOptions& options_, const SessionRequests& requests = {})
      : options(options_), session(options, images, trainer, folder, progress, requests) {}

  const TrainOptions options;
  const duel::ImageSet images = duel::read_idx_folder(options.data, duel::Split::train);
  duel::Trainer trainer{options.training, images};
  RunFolder folder = RunFolder::create(options.outdir, "session");
  Progress progress{std::cerr, {}, {.epochs = 2, .iterations = 10, .iterations_per_epoch = 5}, [] { return 0.0; }};
  TrainingSession session;
};

}  // namespace

TEST_CASE("a run leaves everything behind that it promises") {
  Workplace place;
  const TrainOptions options = place.script_options();
  CHECK(train(options) == ExitCode::ok);
  const fs::path run = place.path() / "runs" / "00000-blog";
  CHECK(names_in(run) == Names{"checkpoints", "config.toml", "convergence.jsonl", "images", "kernels.json", "log.txt",
                               "outcome.json", "reals.png", "report.html", "samples", "stats.jsonl"});
  CHECK(names_in(run / "samples") == Names{"000000.png", "000004.png", "000008.png", "000010.png"});
  CHECK(names_in(run / "images") == Names{"0.png", "4.png", "8.png"});  // 4 is the epoch's last, of 6 images
  CHECK(names_in(run / "checkpoints") == Names{"000010.safetensors", "latest.safetensors"});

  const std::string stats = content_of(run / "stats.jsonl");
  CHECK(std::count(stats.begin(), stats.end(), '\n') == 2);  // the first and the last
  CHECK(contains(stats, "\"iteration\":9,\"epoch\":2,"));
  const std::string log = content_of(run / "log.txt");
  CHECK(contains(log, "classes of the samples: not counted; the images have no labels"));
  CHECK(contains(place.error.str(), "classes of the samples: not counted; the images have no labels"));
  CHECK(contains(log, "epoch 1/2"));
  CHECK(contains(log, "epoch 2/2"));
  CHECK(contains(place.out.str(), (run / "samples" / "000010.png").string()));
  CHECK(contains(place.out.str(), (run / "checkpoints" / "latest.safetensors").string()));
  CHECK(contains(place.error.str(), "epoch 2/2"));

  const Invocation again = parse_command_line(mnist_gan(), {"train", "--config", (run / "config.toml").string()}, {});
  CHECK(again.as<TrainOptions>() == options);
}

TEST_CASE("a run with the 2014 paper's networks: trains on the first images, and its checkpoint samples") {
  Workplace place;
  TrainOptions options = preset(mnist_gan(), "paper");
  options.training.networks.latent_dim = 6;
  options.training.networks.image_size = kSize;
  options.training.networks.generator_widths = {12, 12};
  options.training.networks.discriminator_widths = {10, 10};
  options.training.batch_size = 16;
  options.train_images = 40;  // of 70: batches of 16, 16 and 8
  options.epochs = 2;
  options.data = place.path().string();
  options.outdir = place.path() / "runs";
  options.threads = 1;
  CHECK(train(options) == ExitCode::ok);
  const fs::path run = place.path() / "runs" / "00000-paper";
  CHECK(names_in(run / "checkpoints") == Names{"000006.safetensors", "latest.safetensors"});
  CHECK(contains(content_of(run / "log.txt"), ": 40 images"));
  SampleOptions samples = defaults_of<SampleOptions>(mnist_gan());
  samples.checkpoint = run / "checkpoints" / "latest.safetensors";
  samples.count = 5;
  samples.outdir = place.path() / "samples";
  samples.threads = 1;
  CHECK(sample(samples) == ExitCode::ok);
  CHECK(names_in(place.path() / "samples") == Names{"samples_seed0_5.png"});

  options.train_images = kImages + 1;
  try {
    train(options);
    FAIL("expected UsageError");
  } catch (const UsageError& error) {
    CHECK(contains(error.what(), "--train-images: expected at most the 70 images of the dataset, found 71"));
  }
}

TEST_CASE("pictures and checkpoints in between do not change what is learned") {
  Workplace place;
  TrainOptions options = place.options();
  options.quiet = true;
  train(options);
  options = place.script_options();
  options.quiet = true;
  options.sample_interval = 1;
  options.checkpoint_interval = 1;
  train(options);
  CHECK(content_of(place.path() / "runs/00000-default/checkpoints/latest.safetensors") ==
        content_of(place.path() / "runs/00001-blog/checkpoints/latest.safetensors"));
  CHECK(names_in(place.path() / "runs/00001-blog/images").size() == 10);
  CHECK(names_in(place.path() / "runs/00001-blog/checkpoints") ==
        Names{"000008.safetensors", "000009.safetensors", "000010.safetensors", "latest.safetensors"});
  CHECK(place.error.str().empty());
}

TEST_CASE("an interval of 0 leaves the pictures out, and the end does not name any") {
  Workplace place;
  TrainOptions options = place.script_options();
  options.quiet = true;
  options.sample_interval = 0;
  train(options);
  const fs::path run = place.path() / "runs/00000-blog";
  CHECK(names_in(run / "samples").empty());
  CHECK(names_in(run / "images").empty());
  CHECK(!contains(place.out.str(), "pictures"));
  CHECK(contains(place.out.str(), "report"));
  options.epochs = 3;
  options.resume = run;
  train(options);
  CHECK(names_in(run / "samples").empty());
  CHECK(!contains(place.error.str(), "lost"));
}

TEST_CASE("pictures are as large as --scale says") {
  Workplace place;
  TrainOptions options = place.options();
  options.quiet = true;
  options.scale = 3;
  train(options);
  const fs::path run = place.path() / "runs/00000-default";
  constexpr int kGrid = 3 * (8 * (kSize + 2) + 2);
  const auto width_of = [](const fs::path& file) {
    const std::string png = content_of(file);
    return static_cast<unsigned char>(png.at(18)) * 256 + static_cast<unsigned char>(png.at(19));
  };
  CHECK(width_of(run / "samples/000010.png") == kGrid);
  CHECK(width_of(run / "reals.png") == kGrid);
  SampleOptions sampling = defaults_of<SampleOptions>(mnist_gan());
  sampling.checkpoint = run;
  sampling.outdir = place.path() / "drawn";
  sampling.threads = 1;
  sampling.scale = 3;
  sample(sampling);
  CHECK(width_of(place.path() / "drawn/samples_seed0_64.png") == kGrid);
}

TEST_CASE("sample draws from a checkpoint alone what the run drew") {
  Workplace place;
  TrainOptions options = place.options();
  options.training.seed = 5;
  train(options);
  const fs::path run = place.path() / "runs/00000-default";
  SampleOptions sampling = defaults_of<SampleOptions>(mnist_gan());
  sampling.checkpoint = run / "checkpoints/latest.safetensors";
  sampling.outdir = place.path() / "drawn";
  sampling.seed = 5;
  sampling.threads = 1;
  place.out.str("");
  CHECK(sample(sampling) == ExitCode::ok);
  CHECK(place.out.str() == (place.path() / "drawn/samples_seed5_64.png").string() + "\n");
  CHECK(content_of(place.path() / "drawn/samples_seed5_64.png") == content_of(run / "samples/000010.png"));

  sampling.count = 3;
  sampling.individual = true;
  sampling.statistics = duel::BatchStatistics::batch;
  CHECK(sample(sampling) == ExitCode::ok);
  CHECK(names_in(place.path() / "drawn/samples_seed5_3") == Names{"000000.png", "000001.png", "000002.png"});
  CHECK(contains(place.out.str(), "000002.png"));
}

TEST_CASE("weights without a configuration are drawn from with the eps of a preset") {
  Workplace place;
  TrainOptions options = place.options();
  options.training.networks.batch_norm_eps = preset(mnist_gan(), "blog").training.networks.batch_norm_eps;
  train(options);
  SampleOptions sampling = defaults_of<SampleOptions>(mnist_gan());
  sampling.checkpoint = place.path() / "runs/00000-default/checkpoints/latest.safetensors";
  sampling.outdir = place.path() / "with";
  CHECK(sample(sampling) == ExitCode::ok);
  duel::TensorFile weights = duel::read_safetensors(sampling.checkpoint);
  weights.metadata.clear();
  sampling.checkpoint = place.path() / "weights.safetensors";
  sampling.outdir = place.path() / "without";
  duel::write_safetensors(sampling.checkpoint, weights);
  try {
    sample(sampling);
    FAIL("expected a UsageError");
  } catch (const UsageError& error) {
    CHECK(contains(error.what(), "lack the key 'config'. Pass the preset that trained it: --preset default (eps "));
    CHECK(contains(error.what(), " or --preset blog (eps 0.8: the published PyTorch script, exactly)"));
  }
  sampling.preset = "blog";
  CHECK(sample(sampling) == ExitCode::ok);
  CHECK(content_of(place.path() / "without/samples_seed0_64.png") ==
        content_of(place.path() / "with/samples_seed0_64.png"));
}

TEST_CASE("checkpoints that cannot be used are data errors that name the file") {
  Workplace place;
  TrainOptions options = place.options();
  options.max_iterations = 1;
  train(options);
  const fs::path latest = place.path() / "runs/00000-default/checkpoints/latest.safetensors";
  const auto refusal = [&place](const duel::TensorFile& state) {
    SampleOptions sampling = defaults_of<SampleOptions>(mnist_gan());
    sampling.checkpoint = place.path() / "changed.safetensors";
    sampling.outdir = place.path().string();
    duel::write_safetensors(sampling.checkpoint, state);
    try {
      sample(sampling);
      return std::string();
    } catch (const duel::DataError& error) {
      CHECK(exit_code_of(error) == ExitCode::data);
      CHECK(contains(error.what(), sampling.checkpoint));
      return std::string(error.what());
    }
  };
  const duel::TensorFile good = duel::read_safetensors(latest);
  duel::TensorFile changed = good;
  changed.metadata["config"] = "{}";
  CHECK(contains(refusal(changed), "key 'latent_dim' is missing"));
  changed = good;
  std::erase_if(changed.tensors, [](const duel::Tensor& tensor) { return tensor.name.starts_with("generator."); });
  CHECK(contains(refusal(changed), "generator."));
  changed = good;
  std::vector<std::byte>& weights = changed.tensors.front().bytes;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(weights.data() + sizeof nan, &nan, sizeof nan);
  CHECK(contains(refusal(changed), "value 1 of '" + changed.tensors.front().name + "' is not finite"));
  const float largest = std::numeric_limits<float>::max();
  for (std::size_t at = 0; at < weights.size(); at += sizeof largest) {
    std::memcpy(weights.data() + at, &largest, sizeof largest);
  }
  CHECK(contains(refusal(changed), "expected a generator that draws finite values"));
  CHECK(refusal(good).empty());
}

TEST_CASE("divergence stops the run, names the iteration and saves nothing") {
  Workplace place;
  TrainOptions options = place.options();
  options.training.optimizer.Adam::learning_rate = 1e30;
  try {
    train(options);
    FAIL("expected NonFiniteError");
  } catch (const NonFiniteError& error) {
    CHECK(exit_code_of(error) == ExitCode::non_finite);
    CHECK(contains(error.what(), "iteration "));
  }
  const fs::path run = place.path() / "runs/00000-default";
  CHECK(names_in(run / "checkpoints").empty());
  CHECK(contains(content_of(run / "log.txt"), "error: "));
  CHECK(contains(content_of(run / "report.html"), "error: "));  // it shows the log
  CHECK(contains(content_of(run / "report.html"), "The run failed after "));
  const auto outcome = parse_outcome(content_of(run / "outcome.json"));
  REQUIRE(outcome);
  CHECK((outcome->end == RunEnd::failed && outcome->exit_code == 5 && outcome->goal == 10));
  CHECK(contains(outcome->reason, "iteration "));
}

TEST_CASE("a time limit stops the run after saving") {
  Workplace place;
  TrainOptions options = place.options();
  options.minutes = 1e-9;
  CHECK(train(options) == ExitCode::ok);
  CHECK(fs::exists(place.path() / "runs/00000-default/checkpoints/latest.safetensors"));
  CHECK(contains(place.error.str(), "stopped at the time limit"));
  const fs::path run = place.path() / "runs/00000-default";
  CHECK(contains(content_of(run / "report.html"), "The run was stopped after 0 of 10 iterations"));
  const auto outcome = parse_outcome(content_of(run / "outcome.json"));
  REQUIRE(outcome);
  CHECK((outcome->end == RunEnd::stopped && outcome->exit_code == 0 && outcome->iterations == 0));
  CHECK(outcome->reason == "the time limit (--minutes)");
}

TEST_CASE("the report is there after the first epoch, and whole after the last") {
  Workplace place;
  TrainOptions options = place.options();
  options.log_interval = 1;
  Session one(options);
  one.session.run();  // the session writes it at an epoch's end, train() at the end of all
  CHECK(contains(content_of(one.folder.path() / "report.html"), "What D says"));

  train(options);
  const std::string report = content_of(place.path() / "runs/00001-default/report.html");
  CHECK(contains(report, "<b>10</b><span>iterations"));
  CHECK(contains(report, "The run has finished: 10 iterations"));
  CHECK(contains(report, "after 10 iterations"));
  CHECK(contains(place.out.str(), "runs/00001-default/report.html"));
}

TEST_CASE("a signal stops the run between iterations, after saving") {
  Workplace place;
  const TrainOptions options = place.options();
  int asked = 0;
  Session one(options, {[&asked] { return ++asked < 6 ? 0 : SIGTERM; }});
  const SessionResult result = one.session.run();
  CHECK(result.signal == SIGTERM);
  CHECK(result.iterations > 0);
  CHECK(result.iterations < 10);
  const duel::TensorFile saved = duel::read_safetensors(one.folder.checkpoints().latest());
  duel::Trainer continued(options.training, one.images);
  continued.load_state(saved);
  CHECK(continued.iteration() == result.iterations);
}

TEST_CASE("who asks to save gets a checkpoint, and training goes on") {
  Workplace place;
  TrainOptions options = place.options();
  options.keep_checkpoints = 0;
  int asked = 0;
  SessionRequests requests;
  requests.take_save = [&asked] { return ++asked == 4; };
  Session one(options, requests);
  CHECK(one.session.run().iterations == 10);
  const std::vector<std::int64_t> saved = one.folder.checkpoints().iterations();
  REQUIRE(saved.size() == 2);
  CHECK(saved.front() < 10);
  const std::string line = "saved after " + std::to_string(saved.front()) + " iterations, as SIGUSR1 asked";
  CHECK(contains(content_of(one.folder.path() / "log.txt"), line));
  CHECK(contains(content_of(one.folder.path() / "log.txt"), "checkpoints 2 written in "));
}

TEST_CASE("a training whose results nobody can read is done all the same") {
  Workplace place;
  std::cout.setstate(std::ios::badbit);           // the reader of a pipe has gone
  CHECK(train(place.options()) == ExitCode::ok);  // the program's end makes a 6 of it (files/program.h)
  std::cout.clear();
  const std::string outcome = content_of(place.path() / "runs/00000-default/outcome.json");
  CHECK(contains(outcome, R"("outcome":"finished","exit_code":6,)"));
}

TEST_CASE("a checkpoint that cannot be written ends the run as an error of the disk") {
  Workplace place;
  TrainOptions options = place.options();
  options.checkpoint_interval = 4;
  Session one(options);
  fs::create_directories(one.folder.checkpoints().file(4) / "in the way");
  CHECK_THROWS_AS(one.session.run(), std::system_error);
}

TEST_CASE("images of another size than asked for are refused before anything is written") {
  Workplace place;
  TrainOptions options = place.options();
  options.training.networks.image_size = 9;
  CHECK_THROWS_AS(train(options), UsageError);
  options = place.options();
  options.data = (place.path() / "nowhere").string();
  CHECK_THROWS_AS(train(options), duel::DataError);
  CHECK(!fs::exists(options.outdir));
}

TEST_CASE("networks have the size and channels of the images where nobody asks for others") {
  Workplace place;
  fs::create_directory(place.path() / "colour");
  {
    std::ofstream images(place.path() / "colour" / "train-images-idx4-ubyte", std::ios::binary);
    const char header[] = {0, 0, 8, 4, 0, 0, 0, 40, 0, 0, 0, 3, 0, 0, 0, 6, 0, 0, 0, 6};
    images.write(header, sizeof(header));
    for (int i = 0; i < 40; ++i) {
      for (const int value : {250, 120, 10}) images << std::string(36, static_cast<char>(value));  // orange
    }
  }
  TrainOptions options = place.options();
  options.data = place.path() / "colour";
  CHECK_THROWS_AS(train(options), UsageError);
  options.asked_for_shape.value = false;
  options.epochs = 1;
  REQUIRE(train(options) == ExitCode::ok);
  const fs::path run = options.outdir / "00000-default";
  CHECK(contains(content_of(run / "config.toml"), "image-size = 6\nchannels = 3\n"));
  const duel::Picture reals = duel::read_picture(run / "reals.png");
  REQUIRE(reals.channels == 3);
  const auto inside = reals.pixels.begin() + (3 * reals.width + 3) * 3;
  CHECK(std::vector<int>(inside, inside + 3) == std::vector<int>{250, 120, 10});
  CHECK(duel::read_picture(run / "samples" / "000003.png").channels == 3);
  const TrainOptions resumed =
      parse_command_line(mnist_gan(), {"train", "--resume", run.string()}, {}).as<TrainOptions>();
  CHECK(train(resumed) == ExitCode::ok);
}

TEST_CASE("a window for a profiler, across pictures and an epoch's end, changes nothing that is learned") {
  Workplace place;
  TrainOptions options = place.options();
  train(options);
  options.profile_iterations = {2, 7};
#ifdef DUEL_CPU_DEVICE
  const std::size_t before = simt::profiled_stretches().size();
#endif
  train(options);
  CHECK(content_of(place.path() / "runs/00000-default/checkpoints/latest.safetensors") ==
        content_of(place.path() / "runs/00001-default/checkpoints/latest.safetensors"));
  const std::string line = "profile iterations 2 to 6, kernel by kernel";
  CHECK(contains(content_of(place.path() / "runs/00001-default/log.txt"), line));
  CHECK(!contains(content_of(place.path() / "runs/00000-default/log.txt"), "profile"));
#ifdef DUEL_CPU_DEVICE
  REQUIRE(simt::profiled_stretches().size() == before + 1);
  CHECK(!simt::profiled_stretches().back().is_open);
#endif
}

TEST_CASE("a window for a profiler that the run never reaches is refused - the plan shows one that it does") {
  Workplace place;
  TrainOptions options = place.options();  // ten iterations
  options.profile_iterations = {10, 12};
  try {
    train(options);
    FAIL("expected UsageError");
  } catch (const UsageError& error) {
    CHECK(contains(error.what(),
                   "--profile-iterations: the window begins at iteration 10, expected less than the "
                   "run's 10"));
  }
  CHECK(!fs::exists(options.outdir));
  options.profile_iterations = {9, 12};
  options.dry_run = true;
  CHECK(train(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "profile           iterations 9 to 11"));
}

TEST_CASE("plan and configuration can be printed without training") {
  Workplace place;
  TrainOptions options = place.options();
  options.dry_run = true;
  CHECK(train(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "10, 5 an epoch"));
  CHECK(contains(place.out.str(), "device memory"));
  CHECK(contains(place.out.str(), "forward layer 0, G "));
  place.out.str("");
  options.format = duel::ResultFormat::json;
  CHECK(train(options) == ExitCode::ok);
  const auto plan = nlohmann::json::parse(place.out.str());
  CHECK(plan["iterations"] == 10);
  CHECK(plan["resumed"].is_null());
  CHECK(plan["tasks"].size() > plan["kernels_per_iteration"]);
  CHECK(plan["tasks"][1]["network"] == "generator");
  place.out.str("");
  options.format = duel::ResultFormat::csv;
  CHECK(train(options) == ExitCode::ok);
  CHECK(place.out.str().starts_with("kernel,task,network,sizes,flops,bytes,variant,waits_for\n"));
  CHECK(duel::test::count_of(place.out.str(), "\n") == 1 + plan["tasks"].size());
  options.levels = place.path() / "levels.dot";
  for (int i = 0; i < 2; ++i) CHECK(train(options) == ExitCode::ok);  // replaces a drawing
  std::ifstream levels(options.levels);
  std::string line;
  std::getline(levels, line);
  CHECK(line == "digraph iteration {");
  std::ofstream(options.levels) << "somebody's";
  CHECK_THROWS_AS(train(options), std::invalid_argument);
  options.levels.clear();
  options.print_config = true;
  CHECK(train(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "generator-widths = [8, 12]"));
  CHECK(!fs::exists(options.outdir));
}

TEST_CASE("a plan refuses what training refuses") {
  Workplace place;
  const TrainOptions right = place.options();
  const auto refused = [](TrainOptions options) {
    std::string messages[2];
    for (const bool is_dry : {true, false}) {
      options.dry_run = is_dry;
      try {
        train(options);
      } catch (const std::exception& error) {
        messages[is_dry] = std::to_string(static_cast<int>(exit_code_of(error))) + ": " + error.what();
      }
    }
    CHECK(messages[0] == messages[1]);
    return messages[0];
  };
  TrainOptions options = right;
  options.kernels.chosen = {"adam=four_values_per_thread"};  // an op of the plain step
  options.training.step = duel::StepKind::fused;
  CHECK(
      contains(refused(options), "2: --kernel adam=four_values_per_thread: an iteration of --step fused has no such"));
  options = right;
  options.train_images = 1'000'000;
  CHECK(contains(refused(options), "2: --train-images: expected at most"));
  options = right;
  options.data = "/nonexistent";
  CHECK(refused(options).starts_with("3: "));
  options = right;
  options.training.networks.generator_widths = std::vector<int>(16, 11'000);
  options.training.networks.discriminator_widths = std::vector<int>(16, 11'000);
  options.training.batch_size = 65'536;
  CHECK(contains(refused(options), "4: not enough memory: the training needs "));
  CHECK(!fs::exists(right.outdir));
  std::ofstream(place.path() / "file") << "no folder";
  options = right;
  options.outdir = place.path() / "file";
  options.dry_run = true;
  CHECK_THROWS_AS(train(options), std::system_error);
  options.outdir = place.path() / "file" / "runs";
  CHECK_THROWS_AS(train(options), std::system_error);
}

TEST_CASE("a run folder that cannot be made is a disk error") {
  Workplace place;
  TrainOptions options = place.options();
  options.outdir = options.data / "train-images-idx3-ubyte";  // a file
  try {
    train(options);
    FAIL("expected std::system_error");
  } catch (const std::system_error& error) {
    CHECK(exit_code_of(error) == ExitCode::disk);
    CHECK(contains(error.what(), "--outdir: '" + options.outdir.string() + "': expected a folder"));
  }
}
