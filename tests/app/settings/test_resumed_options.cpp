// What may be asked of a run that goes on, and what --resume finds.
#include "app/commands/train.h"
#include "app/errors/exit_code.h"
#include "app/run_folder/resume_point.h"
#include "app/run_folder/run_folder.h"
#include "app/settings/commands.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/io/data_error.h"
#include "engine/io/safetensors.h"
#include "tests/app/workplace.h"
#include "tests/support/thrown.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;

TrainOptions parse(std::vector<std::string> arguments, const Environment& environment = {}) {
  arguments.insert(arguments.begin(), "train");
  return parse_command_line(mnist_gan(), arguments, environment).as<TrainOptions>();
}

std::string refusal(const std::vector<std::string>& arguments, const Environment& environment = {}) {
  return duel::test::thrown_message<UsageError>([&] { parse(arguments, environment); });
}

/// A finished run of ten iterations with a checkpoint after 4, 8 and 10.
fs::path finished_run(const Workplace& place) {
  TrainOptions options = place.options();
  options.checkpoint_interval = 4;
  options.log_interval = 1;
  options.quiet = true;
  train(options);
  return place.path() / "runs/00000-default";
}

}  // namespace

TEST_CASE("a resumed run keeps its settings, but for its goal and what decides nothing") {
  Workplace place;
  const std::string run = finished_run(place).string();
  const TrainOptions before = parse({"--config", run + "/config.toml"});
  TrainOptions expected = before;
  expected.resume = fs::canonical(run);
  CHECK(parse({"--resume", run}) == expected);
  expected.epochs = 3;
  expected.threads = 2;
  expected.quiet = true;
  expected.keep_checkpoints = 7;
  expected.minutes = 0;
  CHECK(parse({"--resume", run, "--epochs", "3", "--threads=2", "--quiet", "--keep-checkpoints", "7"}) == expected);
  // What the run has anyway may be given again, from anywhere.
  CHECK(refusal({"--resume", run, "--batch-size", "16", "--preset", "default", "--config", run + "/config.toml"},
                {{"MNIST_GAN_SAMPLE_INTERVAL", "4"}}) == "");
  CHECK(parse({"--resume", run, "--game", "gan"}) == parse({"--resume", run}));
}

TEST_CASE("another value of a setting that decides results is refused, with both") {
  Workplace place;
  const std::string run = finished_run(place).string();
  const std::string game = refusal({"--resume", run, "--game", "wgan"});
  CHECK(contains(game, "--game: loss: the run in "));
  CHECK(contains(game, " has \"cross_entropy\", found \"wasserstein\"; a resumed run keeps"));
  CHECK(contains(refusal({"--resume", run, "--lr", "0.5"}), "--learning-rate: the run in "));
  CHECK(contains(refusal({"--resume", run, "--lr", "0.5"}), " has 0.0002, found 0.5; a resumed run keeps"));
  CHECK(contains(refusal({"--resume", run}, {{"MNIST_GAN_BATCH_SIZE", "8"}}), "MNIST_GAN_BATCH_SIZE: the run in "));
  std::ofstream(place.path() / "other.toml") << "seed = 9\n";
  CHECK(
      contains(refusal({"--resume", run, "--config", place.path() / "other.toml"}), "other.toml:1: seed: the run in"));
  for (const std::vector<std::string>& other :
       std::vector<std::vector<std::string>>{{"--preset", "blog"},
                                             {"--generator-widths", "8"},
                                             {"--loss", "clamped_cross_entropy"},
                                             {"--weight-clip", "0.1"},
                                             {"--step", "plain"},
                                             {"--sample-interval", "5"},
                                             {"--train-images", "60"},
                                             {"--name", "other"},
                                             {"--on-collapse", "rollback"},
                                             {"--init-from", "x"}}) {
    CAPTURE(other[0]);
    CHECK(contains(refusal({"--resume", run, other[0], other[1]}), other[0] + ": the run in "));
  }
}

TEST_CASE("the goal of a resumed run never comes nearer") {
  Workplace place;
  TrainOptions options = place.options();
  options.max_iterations = 6;
  options.minutes = 5;
  options.quiet = true;
  train(options);
  const std::string run = (place.path() / "runs/00000-default").string();
  CHECK(contains(refusal({"--resume", run, "--epochs", "1"}), "--epochs: the run in "));
  CHECK(contains(refusal({"--resume", run, "--epochs", "1"}), "has 2, found 1; the goal of a resumed run"));
  CHECK(contains(refusal({"--resume", run, "--max-iterations", "5"}), "has 6, found 5"));
  CHECK(contains(refusal({"--resume", run, "--minutes", "4"}), "has 5, found 4"));
  for (const char* const farther : {"7", "0"}) {  // 0: no limit
    CHECK(refusal({"--resume", run, "--max-iterations", farther, "--minutes", farther, "--epochs", "2"}) == "");
  }
}

TEST_CASE("resume takes a run, a checkpoint of one, or the latest") {
  Workplace place;
  const fs::path run = fs::canonical(finished_run(place));
  const fs::path runs = run.parent_path(), checkpoints = run / "checkpoints";
  const auto point_of = [&runs](const std::string& named) { return find_resume_point(named, runs); };
  for (const std::string& named :
       {run.string(), checkpoints.string(), (checkpoints / "latest.safetensors").string(), std::string("latest")}) {
    CAPTURE(named);
    CHECK(point_of(named).run == run);
    CHECK(point_of(named).checkpoint == checkpoints / "000010.safetensors");
  }
  CHECK(point_of(checkpoints / "000004.safetensors").checkpoint == checkpoints / "000004.safetensors");
  // The process was killed between a checkpoint and the link to it.
  fs::remove(checkpoints / "latest.safetensors");
  fs::create_symlink("000004.safetensors", checkpoints / "latest.safetensors");
  CHECK(point_of("latest").checkpoint == checkpoints / "000010.safetensors");

  fs::copy_file(checkpoints / "000004.safetensors", place.path() / "alone.safetensors");
  CHECK_THROWS_AS(point_of(place.path() / "alone.safetensors"), UsageError);
  fs::create_directories(runs / "00001-empty" / "checkpoints");  // killed before its first checkpoint
  CHECK_THROWS_AS(point_of(runs / "00001-empty"), duel::DataError);
  CHECK_THROWS_AS(point_of("latest"), duel::DataError);
  CHECK_THROWS_WITH(point_of("latest"), Catch::Contains("00001-empty: expected a run folder with checkpoints") &&
                                            Catch::EndsWith("--resume " + run.string()));
  CHECK_THROWS_AS(point_of(place.path() / "nothing"), duel::DataError);
  CHECK_THROWS_AS(find_resume_point("latest", place.path() / "nothing"), duel::DataError);
}

TEST_CASE("only one process at a time trains in a run folder") {
  Workplace place;
  const fs::path run = finished_run(place);
  {
    const RunFolder busy = RunFolder::open(run);
    CHECK_THROWS_AS(RunFolder::open(run), UsageError);
    CHECK_THROWS_AS(train(parse({"--resume", run.string(), "--quiet"})), UsageError);
  }
  CHECK(train(parse({"--resume", run.string(), "--quiet"})) == ExitCode::ok);
}

TEST_CASE("a plan and the settings of a resumed run can be printed, and nothing changes") {
  Workplace place;
  const fs::path run = finished_run(place);
  const std::string log = content_of(run / "log.txt");
  place.out.str("");
  CHECK(train(parse({"--resume", run.string(), "--epochs", "4", "--dry-run"})) == ExitCode::ok);
  CHECK(contains(place.out.str(), "20, 5 an epoch"));
  CHECK(contains(place.out.str(), "resumed           after 10 iterations, from "));
  CHECK(train(parse({"--resume", run.string(), "--epochs", "4", "--print-config"})) == ExitCode::ok);
  CHECK(contains(place.out.str(), "epochs = 4"));
  CHECK(contains(place.out.str(), "generator-widths = [8, 12]"));
  CHECK(content_of(run / "log.txt") == log);
}

TEST_CASE("a checkpoint of other settings or other images is refused before anything changes") {
  Workplace place;
  const fs::path run = finished_run(place);
  const auto message = [&run] {
    return duel::test::thrown_message<UsageError>([&] {
      train(parse({"--resume", run.string(), "--epochs", "4", "--quiet"}));
    });
  };
  const std::string config = content_of(run / "config.toml"), stats = content_of(run / "stats.jsonl");
  std::string edited = config;
  edited.replace(edited.find("learning-rate = 0.0002"), 22, "learning-rate = 0.0003");
  std::ofstream(run / "config.toml") << edited;
  CHECK(contains(message(), "config.toml has learning-rate = 0.0003, but "));
  CHECK(contains(message(), "was made with 0.0002"));
  std::ofstream(run / "config.toml") << config;

  const fs::path images = place.path() / "train-images-idx3-ubyte";
  std::string pixels = content_of(images);
  pixels.back() ^= 1;
  std::ofstream(images, std::ios::binary) << pixels;
  CHECK(contains(message(), "name the run's dataset: --data DIR"));
  CHECK(content_of(run / "stats.jsonl") == stats);
}

TEST_CASE("logs that somebody edited are cut where they stop to make sense, and gaps are told") {
  Workplace place;
  const fs::path run = finished_run(place);
  const std::string stats = content_of(run / "stats.jsonl");
  const std::size_t third = stats.find("{\"iteration\":2,");
  const std::string line = GENERATE(as<std::string>{}, "{\"iteration\":1e300,\"seconds\":1e999}\n", "x\n", "{}\n", "\n",
                                    "{\"iteration\":-3}\n", "{\"iteration\":99999999999999999999}\n");
  CAPTURE(line);
  std::ofstream(run / "stats.jsonl") << stats.substr(0, third) << line << stats.substr(third);
  CHECK(train(parse({"--resume", run.string(), "--epochs", "3", "--quiet"})) == ExitCode::ok);
  CHECK(contains(place.error.str(),
                 "until iteration 10 is not complete; lost: 8 line(s) of stats.jsonl; the report will have gaps"));
  const std::string left = content_of(run / "stats.jsonl");
  CHECK(left.starts_with(stats.substr(0, third)));
  CHECK(left.substr(third).starts_with("{\"iteration\":10,"));
  CHECK(std::count(left.begin(), left.end(), '\n') == 2 + 5);
}

TEST_CASE("all that a run has lost is told in one line, and nothing of a whole run") {
  Workplace place;
  TrainOptions options = place.options();
  options.watch_interval = 3;
  options.quiet = true;
  train(options);
  const fs::path run = place.path() / "runs/00000-default";
  CHECK(train(parse({"--resume", run.string(), "--epochs", "3", "--quiet"})) == ExitCode::ok);
  CHECK(!contains(place.error.str(), "lost"));
  std::ofstream(run / "stats.jsonl") << "";
  std::ofstream(run / "convergence.jsonl") << content_of(run / "convergence.jsonl").substr(0, 9);
  fs::remove(run / "samples/000004.png");
  CHECK(train(parse({"--resume", run.string(), "--epochs", "4", "--quiet"})) == ExitCode::ok);
  CHECK(contains(place.error.str(),
                 "until iteration 15 is not complete; lost: 2 line(s) of stats.jsonl, 5 line(s) of convergence.jsonl, "
                 "1 picture(s) in samples/; the report will have gaps"));
}

TEST_CASE("a torn config.toml is named, with what it lost and what to do") {
  Workplace place;
  const fs::path run = finished_run(place);
  const std::string config = content_of(run / "config.toml"), file = (run / "config.toml").string();
  for (const char* lost : {"preset", "data", "epochs", "batch-size", "outdir", "profile-iterations"}) {
    const std::size_t line = config.find("\n" + std::string(lost) + " = ") + 1;
    std::ofstream(run / "config.toml") << config.substr(0, line);
    CHECK(contains(refusal({"--resume", run.string()}),
                   file + ": expected all settings of the run, found that the file ends before " + lost));
    std::ofstream(run / "config.toml") << config.substr(0, line + 3);
    CHECK(refusal({"--resume", run.string()}).starts_with(file + ":"));
    CHECK(contains(refusal({"--resume", run.string()}), "; put the run's file back, or write it again"));
  }
  fs::remove(run / "config.toml");
  CHECK(contains(refusal({"--resume", run.string()}), file + ": expected the settings of the run, found no such file"));
  std::ofstream(run / "config.toml") << config;
  CHECK(refusal({"--resume", run.string()}) == "");
}

TEST_CASE("a run goes on from its newest checkpoint that is whole") {
  Workplace place;
  const fs::path run = finished_run(place), checkpoints = run / "checkpoints";
  const std::string last = content_of(checkpoints / "000010.safetensors");
  const auto cut = [&](const char* name) { fs::resize_file(checkpoints / name, 3000); };
  const auto message = [&](const fs::path& named) {
    return duel::test::thrown_message<duel::DataError>([&] { train(parse({"--resume", named.string(), "--quiet"})); });
  };
  cut("000010.safetensors");
  const std::string named = message(checkpoints / "000010.safetensors");
  CHECK(contains(named, "000010.safetensors: byte"));
  CHECK(contains(named, "mnist_gan train --resume " + (fs::canonical(checkpoints) / "000008.safetensors").string()));
  CHECK(message(run) == "");
  CHECK(contains(place.error.str(), "000010.safetensors: byte"));
  CHECK(contains(place.error.str(), "The run goes on from the newest checkpoint that is whole, "));
  CHECK(content_of(checkpoints / "000010.safetensors") == last);
  fs::copy_file(checkpoints / "000004.safetensors", checkpoints / "000015.safetensors");  // under another's name
  CHECK(contains(message(checkpoints / "000015.safetensors"),
                 "000015.safetensors: expected the state after 000015 iterations, found that after 4"));
  CHECK(message(run) == "");
  CHECK(!fs::exists(checkpoints / "000015.safetensors"));
  CHECK(content_of(checkpoints / "000010.safetensors") == last);
  cut("000004.safetensors");
  cut("000008.safetensors");
  CHECK(contains(message(checkpoints / "000004.safetensors"), "/checkpoints/000010.safetensors"));
  cut("000010.safetensors");
  CHECK(contains(message(run), "No other checkpoint of the run is whole"));
}

TEST_CASE("what lies beyond an older checkpoint is made anew, and said") {
  Workplace place;
  const fs::path run = finished_run(place);
  const std::string last = content_of(run / "checkpoints/000010.safetensors");
  CHECK(train(parse({"--resume", (run / "checkpoints/000004.safetensors").string(), "--quiet"})) == ExitCode::ok);
  CHECK(contains(place.error.str(),
                 "what the run had after iteration 4 is made anew; removed: 2 newer checkpoint(s), 2 "
                 "picture(s)"));
  CHECK(content_of(run / "checkpoints/000010.safetensors") == last);
  CHECK(names_in(run / "checkpoints") ==
        Names{"000004.safetensors", "000008.safetensors", "000010.safetensors", "latest.safetensors"});
}

TEST_CASE("a checkpoint beyond the goal of its run is refused") {
  Workplace place;
  const fs::path run = finished_run(place);
  std::string config = content_of(run / "config.toml");
  config.replace(config.find("epochs = 2"), 10, "epochs = 1");
  std::ofstream(run / "config.toml") << config;
  CHECK_THROWS_AS(train(parse({"--resume", run.string(), "--quiet"})), duel::DataError);
  CHECK(train(parse({"--resume", run.string(), "--quiet", "--epochs", "2"})) == ExitCode::ok);
}

TEST_CASE("another build, device or choice of kernels is allowed, with a warning") {
  Workplace place;
  const fs::path run = finished_run(place);
  const fs::path checkpoint = run / "checkpoints/000010.safetensors";
  duel::TensorFile state = duel::read_safetensors(checkpoint);
  CHECK(train(parse({"--resume", run.string(), "--epochs", "3", "--quiet"})) == ExitCode::ok);
  CHECK(!contains(content_of(run / "log.txt"), "another"));
  state.metadata["build"] = "gcc 1";
  state.metadata["kernels"] = R"({"device":"abacus","kernels":[]})";
  duel::write_safetensors(checkpoint, state);
  CHECK(train(parse({"--resume", checkpoint.string(), "--epochs", "3", "--quiet"})) == ExitCode::ok);
  for (const char* const what : {"another device (abacus, here ", "another build (gcc 1, here ",
                                 "another choice of kernels: results will differ in their last bits"}) {
    CHECK(contains(place.error.str(), what));
    CHECK(contains(content_of(run / "log.txt"), what));
  }
}

TEST_CASE("a new run may begin with weights of a checkpoint or of the published script") {
  Workplace place;
  const fs::path run = finished_run(place);
  const fs::path checkpoint = run / "checkpoints/latest.safetensors";
  TrainOptions options = place.options();
  options.init_from = run.string();
  options.max_iterations = 1;
  CHECK(train(options) == ExitCode::ok);
  CHECK(contains(place.error.str(), "weights of generator and discriminator from "));
  CHECK(content_of(place.path() / "runs/00001-default/samples/000000.png") == content_of(run / "samples/000010.png"));
  CHECK(contains(content_of(place.path() / "runs/00001-default/config.toml"), "init-from = \"/"));

  duel::TensorFile weights = duel::read_safetensors(checkpoint);
  weights.metadata.clear();
  std::erase_if(weights.tensors,
                [](const duel::Tensor& tensor) { return !tensor.name.starts_with("generator.model."); });
  for (duel::Tensor& tensor : weights.tensors) tensor.name = tensor.name.substr(std::string("generator.").size());
  options.init_from = place.path() / "script.safetensors";
  duel::write_safetensors(options.init_from, weights);
  CHECK(train(options) == ExitCode::ok);
  CHECK(contains(place.error.str(), "the discriminator, of which it has none, is new"));
  CHECK(content_of(place.path() / "runs/00002-default/samples/000000.png") == content_of(run / "samples/000010.png"));

  options.training.networks.generator_widths = {8, 13};
  CHECK_THROWS_AS(train(options), duel::DataError);
  options.dry_run = true;  // the plan refuses what training refuses
  CHECK_THROWS_AS(train(options), duel::DataError);
}
