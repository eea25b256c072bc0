// Short runs of the programs, once for each of their operations on files and each error that such an operation can
// meet; and a training killed at each. `tools/test.sh --full` tries all of them, otherwise some.
#include <signal.h>

#include "tests/apps/faults/fault_place.h"
#include "tests/support/full.h"

namespace duel::test {
namespace {

using Command = std::vector<std::string>;

Command training() {
  return {DUEL_MNIST_GAN,        "train",
          "--data=data",         "--image-size=4",
          "--latent-dim=2",      "--threads=1",
          "--device=cpu",        "--generator-widths=2,2",
          "--batch-size=32",     "--log-interval=1",
          "--max-iterations=4",  "--discriminator-widths=2",
          "--watch-interval=2",  "--keep-checkpoints=1",
          "--sample-interval=2", "--checkpoint-interval=2",
          "--outdir=out"};
}

constexpr std::size_t kAll = ~std::size_t{0};

/// About `most` operations that differ in name or file from the one before; in a full run `most_in_full`.
std::vector<FileOperation> some_of(const std::vector<FileOperation>& operations, std::size_t most,
                                   std::size_t most_in_full = kAll) {
  if (is_full_run()) most = most_in_full;
  if (most == kAll) return operations;
  std::vector<FileOperation> different, chosen;
  for (const FileOperation& one : operations) {
    const bool is_same = !different.empty() && different.back().name == one.name && different.back().path == one.path;
    if (!is_same) different.push_back(one);
  }
  const std::size_t step = std::max(different.size() / most, std::size_t{1});
  for (std::size_t i = 0; i < different.size(); i += step) chosen.push_back(different[i]);
  return chosen;
}

/// Runs `command` with each fault of about `most` operations (outside full runs one fault of each), and checks its end.
void check_every_fault(const FaultPlace& place, const Command& command, std::size_t most,
                       std::size_t most_in_full = kAll) {
  place.clear();
  const ProgramEnd whole = place.run(command, "");
  INFO(whole.error);
  REQUIRE(whole.exit_code == 0);
  const auto expected = place.result();
  REQUIRE(whole.operations.size() > 10);
  std::size_t turn = 0, runs = 0;
  for (const FileOperation& operation : some_of(whole.operations, most, most_in_full)) {
    std::vector<FileFault> faults = faults_of(operation);
    if (!is_full_run()) faults = {faults[turn++ % faults.size()]};
    for (const FileFault& fault : faults) {
      place.clear();
      ++runs;
      const ProgramEnd end = place.run(command, fault.text);
      std::string failed;
      for (const FileOperation& one : end.operations) failed += one.name + " " + one.path + "\n";
      INFO(fault.text << ": expected to fail: " << operation.name << " " << operation.path << "; failed: " << failed);
      INFO(end.error);
      CHECK(complaint(place, end, fault, expected) == "");
    }
  }
  if (is_full_run()) WARN(whole.operations.size() << " operations, " << runs << " faults");
}

/// Leaves a checkpoint as input.safetensors.
void make_checkpoint(const FaultPlace& place) {
  REQUIRE(place.run(training(), "").exit_code == 0);
  fs::copy(place.out() / "00000-default" / "checkpoints" / "latest.safetensors", place.path() / "input.safetensors");
}

}  // namespace

TEST_CASE("file faults: training ends in order whichever operation fails") {
  check_every_fault(FaultPlace(), training(), 30);
}

TEST_CASE("file faults: sampling ends in order whichever operation fails") {
  const FaultPlace place;
  make_checkpoint(place);
  check_every_fault(place,
                    {DUEL_MNIST_GAN, "sample", "--checkpoint=input.safetensors", "--count=2", "--nearest",
                     "--data=data", "--threads=1", "--device=cpu", "--outdir=out"},
                    10);
}

TEST_CASE("file faults: evaluation ends in order whichever operation fails") {
  const FaultPlace place;
  make_checkpoint(place);
  check_every_fault(
      place,
      {DUEL_MNIST_GAN, "evaluate", "--checkpoint=input.safetensors", "--data=data", "--samples=60", "--seeds=1",
       "--metrics=border,histogram", "--threads=1", "--device=cpu", "--json=out/quality.json"},
      8);
}

TEST_CASE("file faults: the kernel lab ends in order whichever operation fails") {
  check_every_fault(FaultPlace(), {DUEL_KERNEL_LAB, "list", "--op=adam", "--out=out/list.json"}, 6);
  Command tune = {DUEL_KERNEL_LAB,
                  "tune",
                  "--threads=1",
                  "--batch-size=4",
                  "--images=8",
                  "--latent-dim=2",
                  "--image-size=2",
                  "--generator-widths=2,2",
                  "--discriminator-widths=2",
                  "--seconds=0",
                  "--out=out/tuned.json"};
  check_every_fault(FaultPlace(Cache::counts), tune, 4, 40);
}

TEST_CASE("file faults: short and interrupted operations change nothing") {
  const FaultPlace place;
  const ProgramEnd whole = place.run(training(), "");
  REQUIRE(whole.exit_code == 0);
  const auto expected = place.result();
  for (const char* faults : {"interrupts=1", "interrupts=1 longest=100"}) {
    place.clear();
    const ProgramEnd end = place.run(training(), faults);
    INFO(faults << ": " << end.error);
    CHECK(end.exit_code == 0);
    CHECK((place.result() == expected));
  }
}

TEST_CASE(
    "file faults: a training that is killed leaves whole checkpoints, goes on exactly, and the next one cleans up") {
  const FaultPlace place;
  const ProgramEnd whole = place.run(training(), "");
  REQUIRE(whole.exit_code == 0);
  auto expected = place.result();
  expected.erase("00000-default/report.html");  // the end of the run may not have been reached
  for (const FileOperation& operation : some_of(whole.operations, 10)) {
    place.clear();
    const ProgramEnd end = place.run(training(), "kills=1 operation=" + std::to_string(operation.number));
    INFO("killed before " << operation.number << " " << operation.name << " " << operation.path);
    CHECK(end.signal == SIGKILL);
    CHECK(place.damaged_checkpoint() == "");
    if (fs::exists(place.out() / "00000-default" / "checkpoints" / "latest.safetensors")) {
      const ProgramEnd resumed = place.run({DUEL_MNIST_GAN, "train", "--resume=out/00000-default", "--threads=1"}, "");
      INFO(resumed.error);
      CHECK(resumed.exit_code == 0);
      auto result = place.result();
      result.erase("00000-default/report.html");
      CHECK((result == expected));
    }
    CHECK(place.run(training(), "").exit_code == 0);
    CHECK(place.left_over().empty());
  }
}

}  // namespace duel::test
