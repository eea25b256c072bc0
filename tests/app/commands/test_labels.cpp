// Training needs no labels; what counts classes takes as many as there are.
#include "app/commands/train.h"
#include "app/training/class_counter.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "tests/app/labelled_dataset.h"
#include "tests/app/workplace.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;

constexpr int kTrainLetters = 80, kTestLetters = 40;

struct Labelled : Workplace {
  Labelled() {
    write_labelled_set(path(), "train", kTrainLetters, 1);
    write_labelled_set(path(), "t10k", kTestLetters, 2);
  }

  void write_labels(const std::string& split, const std::string& values) const {
    std::ofstream labels(path() / (split + "-labels-idx1-ubyte"), std::ios::binary);
    for (const int value : {0x801, static_cast<int>(values.size())}) write_number(labels, value);
    labels << values;
  }
  Dataset dataset() const {
    return load_dataset(mnist_gan(), path().string(), options().training.networks, "the test asks for");
  }
};

TEST_CASE("labels: letters from 1 to 26 are 26 classes") {
  const Labelled place;
  std::string train, test;
  for (int i = 0; i < kTrainLetters; ++i) train += static_cast<char>(i % 26 + 1);
  for (int i = 0; i < kTestLetters; ++i) test += static_cast<char>(i % 26 + 1);
  place.write_labels("train", train);
  place.write_labels("t10k", test);
  TrainOptions options = place.options();
  options.on_collapse = OnCollapse::stop;  // a classifier is trained for it
  const ClassCounter counter = make_class_counter(options, place.dataset());
  REQUIRE(counter.count);
  CHECK(counter.count({2, 1, kSize, kSize, std::vector<float>(2 * kSize * kSize)}).shares.size() == 26);
}

TEST_CASE("labels: none, damaged or too few ones never stop a training, and the log says why no classes are counted") {
  const auto log_of = [](const Labelled& place) {
    TrainOptions options = place.options();
    options.max_iterations = 1;
    options.quiet = true;
    CHECK(train(options) == ExitCode::ok);
    return content_of(place.path() / "runs/00000-default/log.txt");
  };
  const Labelled none, damaged, few, unknown;
  fs::remove(none.path() / "train-labels-idx1-ubyte");
  CHECK(contains(log_of(none), "classes of the samples: not counted; the images have no labels"));
  std::ofstream(damaged.path() / "train-labels-idx1-ubyte") << "damaged";
  CHECK(contains(log_of(damaged), "not counted; " + (damaged.path() / "train-labels-idx1-ubyte").string() + ": byte"));
  few.write_labels("train", "123");
  CHECK(contains(log_of(few), "expected 80 labels, as many as train-images-idx3-ubyte has images, found 3"));
  unknown.write_labels("t10k", std::string(kTestLetters, '\7'));
  CHECK(contains(log_of(unknown), "not counted; the test images have a label 7"));
}

}  // namespace
