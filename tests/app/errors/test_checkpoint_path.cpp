// Which file a checkpoint's name means.
#include "engine/io/checkpoint_path.h"

#include "app/errors/in_file.h"
#include "app/settings/commands.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/io/data_error.h"
#include "tests/app/workplace.h"
#include "tests/support/thrown.h"

namespace {

using duel::find_checkpoint;
using namespace duel::app;
using namespace duel::app::test;

void touch(const fs::path& file) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "x";
}

std::string refusal(const std::string& named, const fs::path& runs) {
  try {
    return "found " + find_checkpoint(named, runs).string();
  } catch (const duel::DataError& error) {
    return error.what();
  }
}

TEST_CASE("checkpoint path: a file, or what is not there, is itself") {
  const Workplace place;
  CHECK(find_checkpoint("any.safetensors", place.path()) == "any.safetensors");
  CHECK(find_checkpoint("./latest", place.path()) == "./latest");
}

TEST_CASE("checkpoint path: of a run folder the latest") {
  const Workplace place;
  const fs::path run = place.path() / "runs/00003-default", checkpoints = run / "checkpoints";
  for (const char* name : {"000400.safetensors", "001000.safetensors", "009999.safetensors.7.tmp", "notes.txt"}) {
    touch(checkpoints / name);
  }
  CHECK(find_checkpoint(run, "") == checkpoints / "001000.safetensors");  // no link: the greatest number
  fs::create_symlink("nowhere", checkpoints / "latest.safetensors");
  CHECK(find_checkpoint(run, "") == checkpoints / "001000.safetensors");
  fs::remove(checkpoints / "latest.safetensors");
  fs::create_symlink("000400.safetensors", checkpoints / "latest.safetensors");
  CHECK(find_checkpoint(run, "") == checkpoints / "latest.safetensors");
  CHECK(find_checkpoint(checkpoints, "") == checkpoints / "latest.safetensors");
}

TEST_CASE("checkpoint path: latest is of the newest run that has one") {
  const Workplace place;
  const fs::path runs = place.path() / "runs";
  CHECK(contains(refusal("latest", runs), "expected a run with a checkpoint below " + runs.string()));
  touch(runs / "00002-a/checkpoints/000001.safetensors");
  touch(runs / "00010-b/checkpoints/000001.safetensors");
  fs::create_directories(runs / "00011-c/checkpoints");  // has not saved yet
  touch(runs / "2024/checkpoints/000001.safetensors");   // no run
  touch(runs / "20240229-notes/checkpoints/000001.safetensors");
  CHECK(find_checkpoint("latest", runs) == runs / "00010-b/checkpoints/000001.safetensors");
  CHECK(
      contains(refusal(runs / "00011-c", runs), "00011-c: expected a run folder with checkpoints/latest.safetensors"));
}

TEST_CASE("checkpoint path: a number is that of a run, where no file is called so") {
  const Workplace place;
  const fs::path runs = place.path() / "runs", run = runs / "00012-b";
  touch(run / "checkpoints/000001.safetensors");
  for (const char* number : {"12", "00012"}) {
    CHECK(find_checkpoint(number, runs) == run / "checkpoints/000001.safetensors");
    CHECK(duel::find_run(number, runs) == run);
  }
  CHECK(find_checkpoint("13", runs) == "13");
  CHECK(duel::find_run(run, "") == run);
  CHECK(duel::find_run("latest", runs) == run);
  CHECK_THROWS_WITH(duel::find_run("13", runs), Catch::Contains("'13': expected a run, its folder or its number in"));
}

TEST_CASE("checkpoint path: the variable that moves the runs moves latest") {
  const auto runs_of = [](const Environment& environment) {
    return parse_command_line(mnist_gan(), {"sample", "--checkpoint", "latest", "--outdir", "o"}, environment)
        .as<SampleOptions>()
        .runs;
  };
  CHECK(runs_of({}) == "runs");
  CHECK(runs_of({{"MNIST_GAN_OUTDIR", "elsewhere"}}) == "elsewhere");
}

}  // namespace

TEST_CASE("what is wrong with data names its file once") {
  const auto message = [](const std::string& of_reader) {
    return duel::test::thrown_message<duel::DataError>(
        [&] { duel::app::in_file("a.st", [&] { throw duel::DataError(of_reader); }); });
  };
  CHECK(message("is damaged") == "a.st: is damaged");
  CHECK(message("a.st: is damaged") == "a.st: is damaged");
  CHECK(message("a.stone is damaged") == "a.st: a.stone is damaged");
}
