// Training with a kernel from outside the tree.
#include <algorithm>
#include <iostream>

#include "app/commands/train.h"
#include "app/device/kernel_choice.h"
#include "app/errors/exit_code.h"
#include "app/settings/commands.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "kernels/external/sha256.h"
#include "tests/kernels/external/kernel_files.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::content_of;

constexpr int kSize = 8, kImages = 70;
const std::string kExample = DUEL_SOURCE_FOLDER "/examples/kernels/adam_one_value_per_thread.cu";

// Images of a pattern, in the form of MNIST's file.
void write_images(const test::KernelFiles& files) {
  std::string text = {0, 0, 8, 3, 0, 0, 0, kImages, 0, 0, 0, kSize, 0, 0, 0, kSize};
  for (int i = 0; i < kImages * kSize * kSize; ++i) text += static_cast<char>(i * 7 % 251);
  files.write("train-images-idx3-ubyte", text);
}

TEST_CASE("a kernel file trains, and the run folder remembers it") {
  const test::KernelFiles files;
  write_images(files);
  const Invocation invocation = parse_command_line(mnist_gan(),
                                                   {"train",
                                                    "--data",
                                                    files.path("").string(),
                                                    "--outdir",
                                                    files.path("runs").string(),
                                                    "--image-size",
                                                    "8",
                                                    "--generator-widths",
                                                    "8,12",
                                                    "--discriminator-widths",
                                                    "10",
                                                    "--batch-size",
                                                    "16",
                                                    "--max-iterations",
                                                    "3",
                                                    "--quiet",
                                                    "--step",
                                                    "plain",
                                                    "--kernel_file",
                                                    kExample,
                                                    "--kernel",
                                                    "adam=one_value_per_thread"},
                                                   {});
  CHECK(invocation.as<TrainOptions>().kernels.files == std::vector<std::filesystem::path>{kExample});
  std::ostringstream out;
  std::streambuf* const before = std::cout.rdbuf(out.rdbuf());
  const ExitCode code = train(invocation.as<TrainOptions>());
  std::cout.rdbuf(before);
  CHECK(code == ExitCode::ok);

  const fs::path run = files.path("runs/00000-default");
  CHECK(contains(content_of(run / "kernels.json"), "one_value_per_thread"));
  CHECK(contains(content_of(run / "log.txt"), "kernel file " + kExample + ", sha256 " + sha256(content_of(kExample)) +
                                                  ": adam=one_value_per_thread"));
  const Invocation again = parse_command_line(mnist_gan(), {"train", "--config", (run / "config.toml").string()}, {});
  CHECK(again.as<TrainOptions>().kernels == invocation.as<TrainOptions>().kernels);
}

TEST_CASE("kernel files that cannot be used are errors of usage") {
  const test::KernelFiles files;
  KernelSelection kernels;
  try {
    choose_kernels(kernels, {.files = {files.path("missing.cu")}, .chosen = {}});
    FAIL("expected KernelFileError");
  } catch (const std::exception& error) {
    CHECK(exit_code_of(error) == ExitCode::usage);
    CHECK(contains(error.what(), "missing.cu does not exist"));
  }
  try {
    choose_kernels(kernels, {.files = {kExample}, .chosen = {"adam=one_value_per_threat"}});
    FAIL("expected UsageError");
  } catch (const UsageError& error) {
    CHECK(contains(error.what(), "did you mean one_value_per_thread?"));
  }
}

}  // namespace
}  // namespace duel::app
