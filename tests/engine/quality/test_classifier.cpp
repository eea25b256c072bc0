#include "engine/quality/classifier.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/quality/classifier_file.h"
#include "kernels/verify/executions.h"
#include "tests/engine/quality/labelled_cases.h"
#include "tests/support/catch.h"
#include "tests/tools/kernel_resources/temporary_folder.h"

namespace duel::test {
namespace {

using namespace verify;

std::vector<double> values_of(const TensorFile& file, const std::string& name) {
  const Tensor* tensor = file.find(name);
  REQUIRE(tensor != nullptr);
  std::vector<float> values(tensor->bytes.size() / sizeof(float));
  std::memcpy(values.data(), tensor->bytes.data(), tensor->bytes.size());
  return {values.begin(), values.end()};
}

// x Wᵀ + b, in double precision.
std::vector<double> linear(const TensorFile& file, const std::string& module, const std::vector<double>& x) {
  const auto weight = values_of(file, module + ".weight");
  std::vector<double> y = values_of(file, module + ".bias");
  for (std::size_t out = 0; out < y.size(); ++out) {
    for (std::size_t in = 0; in < x.size(); ++in) y[out] += weight[out * x.size() + in] * x[in];
  }
  return y;
}

std::vector<double> leaky(std::vector<double> x) {
  for (double& value : x) value = value > 0 ? value : 0.2 * value;
  return x;
}

double largest_difference(const float* actual, const std::vector<double>& expected) {
  double largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double difference = std::abs(actual[i] - expected[i]);
    if (!(difference <= largest)) largest = difference;  // a NaN gets in
  }
  return largest;
}

double share_of_right(const ClassifierOutput& output, const ImageSet& set) {
  int right = 0;
  for (int image = 0; image < output.count; ++image) {
    const float* p = output.probabilities.data() + static_cast<std::ptrdiff_t>(image) * output.classes;
    right += std::max_element(p, p + output.classes) - p == set.labels[static_cast<std::size_t>(image)];
  }
  return static_cast<double>(right) / output.count;
}

TEST_CASE("classifier: learns to tell classes apart, and says how well on images it never saw") {
  const TemporaryFolder folder;
  const ImageSet train = labelled_images(130, 1), test = labelled_images(1030, 2);
  const Classifier classifier = Classifier::obtain_by(small_recipe(), train, test, folder.path());
  CHECK(classifier.info().test_accuracy >= 0.98);
  CHECK_FALSE(classifier.info().was_cached);
  const ClassifierOutput output = classifier.classify(as_floats(test));
  CHECK(output.count == 1030);
  CHECK(output.classes == 4);
  CHECK(output.feature_dim == 20);
  CHECK(output.features.size() == 1030 * 20);
  CHECK(output.probabilities.size() == 1030 * 4);
  CHECK(share_of_right(output, test) == classifier.info().test_accuracy);
}

TEST_CASE("classifier: as many classes as labels occur, whatever they are called") {
  const TemporaryFolder folder;
  ImageSet train = labelled_images(130, 1), test = labelled_images(100, 2);
  const Classifier plain = Classifier::obtain_by(small_recipe(), train, test, folder.path());
  const std::vector<std::uint8_t> names = {1, 26, 47, 255};
  for (ImageSet* set : {&train, &test}) {
    for (std::uint8_t& label : set->labels) label = names[label];
  }
  const Classifier renamed = Classifier::obtain_by(small_recipe(), train, test, folder.path());
  CHECK_FALSE(renamed.info().was_cached);
  CHECK(renamed.info().labels == names);
  CHECK(renamed.info().hash == plain.info().hash);
  CHECK(renamed.info().test_accuracy == plain.info().test_accuracy);
  CHECK(renamed.classify(as_floats(test)).classes == 4);
  const auto found = Classifier::find_by(small_recipe(), train, test, folder.path());
  REQUIRE(found);
  CHECK(found->info().labels == names);
}

TEST_CASE("class labels: the different ones, in order") {
  const std::vector<std::uint8_t> labels = {26, 1, 1, 255, 26};
  const ClassLabels classes(labels);
  CHECK(classes.labels() == std::vector<std::uint8_t>{1, 26, 255});
  CHECK(classes.count() == 3);
  CHECK(classes.shares() == std::vector<double>{0.4, 0.4, 0.2});
  CHECK((classes.class_of(1) == 0 && classes.class_of(255) == 2));
  CHECK((classes.class_of(0) == -1 && classes.class_of(27) == -1));
  CHECK(classes.classes_of(labels) == std::vector<std::uint8_t>{1, 0, 0, 2, 1});
  CHECK_THROWS_AS(classes.classes_of(std::vector<std::uint8_t>{2}), std::invalid_argument);
}

TEST_CASE("classifier: says nothing of images that tell nothing") {
  const TemporaryFolder folder;
  ImageSet train = labelled_images(128, 1), test = labelled_images(400, 2);
  std::mt19937_64 random(3);
  for (ImageSet* set : {&train, &test}) {
    for (std::uint8_t& label : set->labels) label = static_cast<std::uint8_t>(random() % 4);
  }
  const double accuracy = Classifier::obtain_by(small_recipe(), train, test, folder.path()).info().test_accuracy;
  CHECK(accuracy > 0.1);
  CHECK(accuracy < 0.4);
}

TEST_CASE("classifier: features and probabilities are those of the weights in its file, in double precision") {
  const TemporaryFolder folder;
  const ImageSet train = labelled_images(70, 1), test = labelled_images(10, 2);
  const Classifier classifier = Classifier::obtain_by(small_recipe(), train, test, folder.path());
  const TensorFile file = read_safetensors(classifier.info().file);
  const std::vector<float> images = as_floats(test);
  const ClassifierOutput output = classifier.classify(images);
  for (std::size_t image = 0; image < 10; ++image) {
    const std::vector<double> x(images.begin() + 36 * static_cast<std::ptrdiff_t>(image),
                                images.begin() + 36 * static_cast<std::ptrdiff_t>(image + 1));
    const auto features = leaky(linear(file, "model.2", leaky(linear(file, "model.0", x))));
    auto probabilities = linear(file, "model.4", features);
    double sum = 0;
    for (double& p : probabilities) sum += p = std::exp(p);
    for (double& p : probabilities) p /= sum;
    CHECK(largest_difference(output.features.data() + 20 * image, features) <= 1e-5);
    CHECK(largest_difference(output.probabilities.data() + 4 * image, probabilities) <= 1e-5);
  }
}

TEST_CASE("classifier: an image's row is the same bits in any company") {
  const TemporaryFolder folder;
  const ImageSet train = labelled_images(70, 1), test = labelled_images(513, 2);
  const Classifier classifier = Classifier::obtain_by(small_recipe(), train, test, folder.path());
  const std::vector<float> images = as_floats(test);
  const ClassifierOutput together = classifier.classify(images);
  for (const std::size_t image : {0, 1, 499, 500, 512}) {
    const ClassifierOutput alone = classifier.classify(std::span(images).subspan(36 * image, 36));
    CHECK(std::equal(alone.features.begin(), alone.features.end(), together.features.begin() + 20 * image));
    CHECK(
        std::equal(alone.probabilities.begin(), alone.probabilities.end(), together.probabilities.begin() + 4 * image));
  }
  for (const std::size_t size : {0, 35, 37}) {
    CHECK(contains(message_of([&] { classifier.classify(std::span(images).first(size)); }), "rows of 36"));
  }
}

TEST_CASE("classifier: the same bits from any number of threads, under any schedule") {
  ClassifierRecipe recipe = small_recipe();
  recipe.least_iterations = 8;
  const ImageSet train = labelled_images(75, 1), test = labelled_images(40, 2);  // a last batch of 11
  std::vector<std::string> hashes;
  for (const Execution& execution : executions(HowMany::all, 17)) {
    CAPTURE(execution_text(execution));
    const UseExecution use(execution);
    const TemporaryFolder folder;
    hashes.push_back(Classifier::obtain_by(recipe, train, test, folder.path()).info().hash);
    CHECK(hashes.back() == hashes.front());
  }
  CHECK(hashes.front().size() == 16);
}

TEST_CASE("classifier: other images, labels, recipes and seeds give other files") {
  const ImageSet train = labelled_images(8, 1), test = labelled_images(8, 2);
  ImageSet other_pixel = train, other_label = train, other_shape = train;
  ++other_pixel.pixels[100];
  std::swap(other_label.labels[0], other_label.labels[1]);
  other_shape.height = 4;
  other_shape.width = 9;
  const std::string hash = dataset_hash(train, test);
  CHECK(hash == dataset_hash(train, test));
  for (const ImageSet& other : {other_pixel, other_label, other_shape}) {
    CHECK(dataset_hash(other, test) != hash);
    CHECK(dataset_hash(train, other) != hash);
  }
  ClassifierRecipe recipe, other_seed;
  other_seed.seed = 2;
  CHECK(ClassifierSource{recipe.text(), hash}.file_name() != ClassifierSource{other_seed.text(), hash}.file_name());
  CHECK(recipe.text() != small_recipe().text());
}

TEST_CASE("classifier: what cannot be trained on is refused with what was expected") {
  const ImageSet train = labelled_images(8, 1), test = labelled_images(8, 2);
  const auto refusal = [&](const ImageSet& training, const ImageSet& testing) {
    const TemporaryFolder folder;
    CHECK_THROWS_AS(Classifier::obtain(training, testing, folder.path()), DataError);
    CHECK(std::filesystem::is_empty(folder.path()));
    return message_of([&] { Classifier::obtain(training, testing, folder.path()); });
  };
  ImageSet wrong = train;
  wrong.labels.clear();
  CHECK(contains(refusal(wrong, test), "train-labels-idx1-ubyte"));
  CHECK(contains(refusal(train, wrong), "t10k-labels-idx1-ubyte"));
  wrong.labels.assign(7, 1);
  CHECK(contains(refusal(wrong, test), "7 labels of 8 images"));
  wrong.labels.assign(8, 3);
  CHECK(contains(refusal(wrong, test), "at least two classes"));
  wrong = test;
  wrong.height = 4;
  wrong.width = 9;
  CHECK(contains(refusal(train, wrong), "4 x 9 x 1 (height, width, channels); expected 6 x 6 x 1"));
  wrong = test;
  wrong.pixels.pop_back();
  CHECK(contains(refusal(train, wrong), "hold 287 bytes; expected 288 for 8 of 6 x 6 x 1"));
  wrong = test;
  wrong.labels[2] = 4;
  CHECK(contains(refusal(train, wrong), "label 4; expected one of the 4 labels of the training images"));
}

TEST_CASE("classifier: names clothes of a part of Fashion-MNIST") {
  const std::filesystem::path clothes = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(clothes)) {
    WARN("skipped: Debian's package dataset-fashion-mnist is not installed");
    return;
  }
  const auto part = [&](Split split, int count) {
    ImageSet set = read_idx_folder(clothes, split);
    set.count = count;
    set.pixels.resize(static_cast<std::size_t>(count) * 784);
    set.labels.resize(static_cast<std::size_t>(count));
    return set;
  };
  ClassifierRecipe recipe = small_recipe();
  recipe.widths = {64, 32};
  const TemporaryFolder folder;
  const Classifier classifier =
      Classifier::obtain_by(recipe, part(Split::train, 2000), part(Split::test, 1000), folder.path());
  CHECK(classifier.info().test_accuracy >= 0.75);
}

}  // namespace
}  // namespace duel::test
