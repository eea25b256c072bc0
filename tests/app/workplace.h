// A place where tests of the app train small networks.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "app/settings/train_options.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/content.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"

namespace duel::app::test {

namespace fs = std::filesystem;
using duel::test::contains;
using duel::test::content_of;

constexpr int kSize = 8, kImages = 70;  // batches of 16: the fifth has 6 images

/// What `act` is refused with; "" where it is not.
template <class Act>
std::string refusal_of(const Act& act) {
  return duel::test::thrown_message<std::exception>(act);
}

/// A folder for datasets, runs and the cache; what is printed meanwhile goes into `out` and `error`.
class Workplace {
 public:
  Workplace() : old_out_(std::cout.rdbuf(out.rdbuf())), old_error_(std::cerr.rdbuf(error.rdbuf())) {
    setenv("XDG_CACHE_HOME", path().c_str(), 1);  // whatever was tuned on this machine changes no test
    std::ofstream images(path() / "train-images-idx3-ubyte", std::ios::binary);
    const char header[] = {0, 0, 8, 3, 0, 0, 0, kImages, 0, 0, 0, kSize, 0, 0, 0, kSize};
    images.write(header, sizeof(header));
    for (int i = 0; i < kImages * kSize * kSize; ++i) images.put(static_cast<char>(i * 7 % 251));
  }
  ~Workplace() {
    std::cout.rdbuf(old_out_);
    std::cerr.rdbuf(old_error_);
  }
  const fs::path& path() const { return folder_.path(); }

  /// options() with what the preset blog alone has.
  TrainOptions script_options() const {
    TrainOptions script = options();
    script.preset = "blog";
    script.has_script_pictures = true;
    script.sample_statistics = BatchStatistics::batch;
    return script;
  }

  /// Two epochs of five iterations with small networks.
  TrainOptions options() const {
    TrainOptions options;
    options.program = &mnist_gan();
    options.preset = "default";
    options.training.networks = {
        .latent_dim = 6, .image_size = kSize, .generator_widths = {8, 12}, .discriminator_widths = {10}};
    options.training.batch_size = 16;
    options.training.loss = duel::loss_kind<duel::CrossEntropy>();
    options.epochs = 2;
    options.sample_interval = 4;
    options.data = path().string();
    options.outdir = path() / "runs";
    options.threads = 1;
    return options;
  }

  std::ostringstream out, error;

 private:
  std::streambuf* old_out_;
  std::streambuf* old_error_;
  duel::test::TemporaryFolder folder_;
};

inline std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

using Names = std::vector<std::string>;

}  // namespace duel::app::test
