// What is said to do after a run that has not ended well.
#include "app/advice/remedy.h"

#include <cerrno>
#include <new>
#include <system_error>

#include "app/commands/train.h"
#include "app/errors/exit_code.h"
#include "app/run/training_start.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "kernels/runtime/error.h"
#include "tests/app/workplace.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;
using duel::CudaError;

const CudaError kFault(cudaErrorIllegalAddress, "illegal write; variant adam=mine");
const std::system_error kFullDisk(ENOSPC, std::generic_category(), "cannot write a");

/// A run folder, with a checkpoint or without one.
fs::path run_in(const Workplace& place, bool has_checkpoint) {
  fs::path run = place.path() / (has_checkpoint ? "saved run" : "new");
  fs::create_directories(run / "checkpoints");
  if (has_checkpoint) std::ofstream(run / "checkpoints/000100.safetensors") << "";
  return run;
}

TrainOptions with_kernels(const Workplace& place, std::vector<std::string> chosen, std::vector<fs::path> files = {}) {
  TrainOptions options = place.options();
  options.kernels.chosen = std::move(chosen);
  options.kernels.files = std::move(files);
  return options;
}

}  // namespace

TEST_CASE("a run is resumed only where it has a checkpoint") {
  const Workplace place;
  CHECK(resume_command(mnist_gan(), place.path() / "nowhere") == "");
  CHECK(resume_command(mnist_gan(), run_in(place, false)) == "");
  const std::string command = "mnist_gan train --resume '" + (place.path() / "saved run").string() + "'";
  CHECK(resume_command(mnist_gan(), run_in(place, true)) == command);
  CHECK(resume_command(mnist_gan(), run_in(place, true), true) == command + " --minutes 0");
  const TrainOptions options = place.options();
  CHECK(failure_remedy(kFullDisk, options, run_in(place, true)) ==
        "Mend what the message names, such as a full disk. Then `" + command + "` goes on from the last checkpoint.");
  CHECK(failure_remedy(kFullDisk, options, run_in(place, false)) ==
        "Mend what the message names, such as a full disk. Then train again: the run has no checkpoint yet.");
}

TEST_CASE("after a fault, kernels that somebody chose are the first suspects") {
  const Workplace place;
  const fs::path run = run_in(place, true);
  std::string text = failure_remedy(kFault, with_kernels(place, {"adam=mine"}, {"/my kernels/a.cu"}), run);
  CHECK(
      text.starts_with("Kernels that were chosen ran. See first whether they are right: `kernel_lab verify --with "
                       "'/my kernels/a.cu' --op adam --variant mine`"));
  CHECK(contains(text, "`mnist_gan train --resume"));
  // Those that the message names, else all.
  text = failure_remedy(kFault, with_kernels(place, {"dropout=other", "adam=mine"}), run);
  CHECK(contains(text, "kernel_lab verify --op adam --variant mine`"));
  text = failure_remedy(kFault, with_kernels(place, {"dropout=other", "linear=one"}), run);
  CHECK(contains(text, "kernel_lab verify --op dropout --variant other --op linear --variant one`"));
  // A kernel file that nobody has chosen a kernel of does not run.
  CHECK(!contains(failure_remedy(kFault, with_kernels(place, {}, {"a.cu"}), run), "kernel_lab"));
  const bool is_cpu = contains(failure_remedy(kFault, place.options(), run), "please report the error");
  CHECK(contains(failure_remedy(kFault, place.options(), run), "nvidia-smi") == !is_cpu);
#ifdef DUEL_CPU_DEVICE
  CHECK(is_cpu);
  CHECK(contains(text,
                 "tools/build.sh cpu-race kernel_lab && build/cpu-race/tools/kernel_lab/kernel_lab verify --op "
                 "dropout --variant other"));
#endif
}

TEST_CASE("what is not finite may come from kernels that somebody chose, else from a rate") {
  const Workplace place;
  const NonFiniteError error("iteration 6: the losses are not finite");
  const fs::path run = run_in(place, true);
  CHECK(failure_remedy(error, place.options(), run) == "Try a smaller --learning-rate.");
  const std::string text = failure_remedy(error, with_kernels(place, {"adam=mine"}), run);
  CHECK(contains(text, "kernel_lab verify --op adam --variant mine"));
  CHECK(contains(text, "If not, mend them. Then `mnist_gan train --resume"));
  CHECK(contains(text, "If they are, try a smaller --learning-rate."));
  TrainOptions wide = place.options();
  wide.training.networks.generator_init = 0.5f;
  CHECK(failure_remedy(error, wide, run) == "Try a smaller --learning-rate, or a smaller --generator-init.");
}

TEST_CASE("against a collapse helps what the run has not done yet") {
  const std::string back = " With `--on-collapse rollback` a run returns by itself to the last state that looked well.";
  CHECK(collapse_remedy(preset(mnist_gan(), "blog"), true) ==
        "What often helps in a new run: `--batch-norm-eps 1e-5` (0.8 hardly normalises), `--loss cross_entropy`, "
        "`--real-label 0.9`, a smaller `--learning-rate` than 0.0002, another `--seed`." +
            back);
  TrainOptions options = preset(mnist_gan(), "default");
  options.on_collapse = OnCollapse::rollback;
  CHECK(collapse_remedy(options, true) ==
        "What often helps in a new run: a smaller `--learning-rate` than 0.0004, another `--seed`.");
  options.training.optimizer.Adam::learning_rate = 0;
  CHECK(collapse_remedy(options, false) ==
        "What often helps in a new run: another `--seed`. No look had found the generator well: it may also need more "
        "iterations.");
  CHECK(contains(collapse_remedy(preset(mnist_gan(), "wgan"), false),
                 "`--game gan`, a smaller `--rmsprop-learning-rate` than 0.00005, another"));
  CHECK(contains(collapse_remedy(preset(mnist_gan(), "wgan_gp"), false),
                 "`--game gan`, a smaller `--learning-rate` than 0.0002, another"));
  CHECK(contains(collapse_remedy(preset(mnist_gan(), "paper"), false),
                 "a smaller `--sgd-learning-rate` than 0.1, another"));
}

TEST_CASE("a lack of memory is no fault of a kernel") {
  const Workplace place;
  const TrainOptions options = with_kernels(place, {"adam=mine"});
  for (const std::string& text :
       {failure_remedy(CudaError(cudaErrorMemoryAllocation, "not enough memory"), options, run_in(place, true)),
        failure_remedy(std::bad_alloc(), options, run_in(place, true))}) {
    CHECK(!contains(text, "kernel_lab"));
    CHECK(contains(text, "Make room; a smaller --batch-size"));
  }
}

TEST_CASE("an error with its remedy is still of its kind") {
  const WithRemedy<CudaError> error(kFault, "do this");
  CHECK(std::string(error.what()) == "illegal write; variant adam=mine\n  do this");
  CHECK(static_cast<const CudaError&>(error).code() == cudaErrorIllegalAddress);
  CHECK(exit_code_of(error) == ExitCode::cuda);
  CHECK(exit_code_of(WithRemedy<std::system_error>(kFullDisk, "x")) == ExitCode::disk);
}

TEST_CASE("a run that is stopped says how to go on, one that has finished does not") {
  Workplace place;
  TrainOptions options = place.options();
  options.minutes = 1e-9;
  train(options);
  const fs::path run = place.path() / "runs/00000-default";
  CHECK(contains(place.out.str(), "to go on:    mnist_gan train --resume " + run.string() + " --minutes 0\n"));
  place.out.str("");
  train(place.options());
  CHECK(!contains(place.out.str(), "to go on"));
}

TEST_CASE("a run that is complete says which goal it has reached, and that another one does not bind") {
  Workplace place;
  const auto resumed = [&](int epochs, std::int64_t most) {
    TrainOptions options = place.options();
    options.resume = place.path() / "runs/00000-default";
    options.epochs = epochs;
    options.max_iterations = most;
    place.error.str("");
    CHECK(train(options) == ExitCode::ok);
    return place.error.str();
  };
  train(place.options());  // 2 epochs of 5 iterations
  const std::string begin = "the run is complete: it has reached ";
  CHECK(contains(resumed(2, 0), begin + "--epochs 2 (10 iterations); raise --epochs to go on"));
  CHECK(contains(resumed(2, 30), begin + "--epochs 2 (10 iterations), which ends it before --max-iterations 30; raise "
                                         "--epochs to go on"));
  CHECK(contains(resumed(4, 10), begin + "--max-iterations 10, which ends it before --epochs 4 (20 iterations); raise "
                                         "--max-iterations to go on"));
  CHECK(contains(resumed(2, 10), begin + "--epochs 2 (10 iterations) and --max-iterations 10; raise both to go on"));
  CHECK(!contains(resumed(3, 0), "complete"));
}
