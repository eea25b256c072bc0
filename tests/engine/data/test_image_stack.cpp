// Stacks of grey images, and what a classifier of those says of them.
#include "engine/data/image_stack.h"

#include <cmath>
#include <set>

#include "engine/quality/channel_classes.h"
#include "engine/quality/class_histogram.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/content.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"

namespace duel {
namespace {

using test::contains;
using test::TemporaryFolder;
using test::thrown_message;

/// `count` images of 1 x 2 pixels: the number of each, and its label.
ImageSet numbered(int count, int classes = 3) {
  ImageSet set{.count = count, .height = 1, .width = 2};
  for (int i = 0; i < count; ++i) {
    set.labels.push_back(static_cast<std::uint8_t>(10 + i % classes));
    set.pixels.insert(set.pixels.end(), {static_cast<std::uint8_t>(i), set.labels.back()});
  }
  return set;
}

ImageSet stacked(const ImageSet& set, int count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  return stack_images(set, count, random);
}

TEST_CASE("stack: each channel is one of the images, with its label") {
  const ImageSet stack = stacked(numbered(7), 200, 1);
  CHECK((stack.count == 200 && stack.channels == 3 && stack.height == 1 && stack.width == 2));
  REQUIRE(stack.channel_labels.size() == 600);
  REQUIRE(stack.pixels.size() == 1200);
  CHECK(stack.labels.empty());
  std::set<int> drawn[3];
  for (std::size_t i = 0; i < 600; ++i) {
    CHECK(stack.pixels[2 * i + 1] == stack.channel_labels[i]);
    drawn[i % 3].insert(stack.pixels[2 * i]);
  }
  for (const auto& images : drawn) CHECK(images.size() == 7);
}

TEST_CASE("stack: the seed decides, and channels are drawn one by one") {
  CHECK(stacked(numbered(50), 20, 1).pixels == stacked(numbered(50), 20, 1).pixels);
  CHECK(stacked(numbered(50), 20, 1).pixels != stacked(numbered(50), 20, 2).pixels);
  const ImageSet stack = stacked(numbered(50), 100, 1);
  std::set<std::vector<std::uint8_t>> different;
  for (auto at = stack.pixels.begin(); at != stack.pixels.end(); at += 6) different.emplace(at, at + 6);
  CHECK(different.size() > 95);
}

TEST_CASE("stack: of grey images with few classes alone") {
  const auto refusal = [](const ImageSet& set) { return thrown_message<DataError>([&] { stacked(set, 2, 1); }); };
  ImageSet set = numbered(12);
  set.labels.clear();
  CHECK(contains(refusal(set), "expected images with labels to stack, found none"));
  CHECK(contains(refusal(stacked(numbered(4), 4, 1)), "found images of 3 channels"));
  CHECK(contains(refusal(numbered(12, 11)), "at most 10 classes to stack, found 11"));
}

TEST_CASE("stack: its channels are grey images with labels again") {
  const ImageSet stack = stacked(numbered(7), 4, 1);
  const ImageSet all = channels_of(stack, 100), some = channels_of(stack, 5);
  CHECK((all.count == 12 && all.channels == 1 && all.pixels == stack.pixels && all.labels == stack.channel_labels));
  CHECK((some.count == 5 && some.pixels.size() == 10 && some.labels.size() == 5));
  CHECK(!is_stack(all));
}

TEST_CASE("stack: files hold a label for each channel") {
  const TemporaryFolder folder;
  const ImageSet stack = stacked(numbered(7), 4, 1);
  write_idx_folder(folder.path(), Split::train, stack);
  const ImageSet read = read_idx_folder(folder.path(), Split::train);
  CHECK((read.channel_labels == stack.channel_labels && read.pixels == stack.pixels && read.labels.empty()));
  CHECK(test::content_of(folder.path() / "train-labels-idx2-ubyte")
            .starts_with(std::string("\0\0\10\2\0\0\0\4\0\0\0\3", 12)));
  write_idx_folder(folder.path(), Split::test, stacked(numbered(7), 5, 1));
  std::filesystem::rename(folder.path() / "t10k-labels-idx2-ubyte", folder.path() / "train-labels-idx2-ubyte");
  CHECK(contains(
      thrown_message<DataError>([&] { read_idx_folder(folder.path(), Split::train); }),
      "train-labels-idx2-ubyte: byte 4: expected 4 x 3 labels, one for each channel of the images, found 5 x 3"));
  CHECK(read_idx_folder(folder.path(), Split::test).channel_labels.empty());
}

TEST_CASE("stack: a combination's probability is the product of its channels'") {
  const ClassifierOutput of_channels{.count = 4,
                                     .feature_dim = 1,
                                     .classes = 2,
                                     .features = {1, 2, 3, 4},
                                     .probabilities = {0.25f, 0.75f, 0.5f, 0.5f, 0, 1, 1, 0}};
  const ClassifierOutput output = combined_channels(of_channels, 2);
  CHECK((output.count == 2 && output.feature_dim == 2 && output.classes == 4));
  CHECK(output.features == of_channels.features);
  CHECK(output.probabilities == std::vector<float>{0.125f, 0.125f, 0.375f, 0.375f, 0, 0, 1, 0});
  CHECK_THROWS_AS(combined_channels(of_channels, 3), std::invalid_argument);
  CHECK(combined_shares({0.25, 0.75}, 2) == std::vector<double>{0.0625, 0.1875, 0.1875, 0.5625});
  CHECK(combined_shares({0.25, 0.75}, 1) == std::vector<double>{0.25, 0.75});
}

TEST_CASE("classes: how many are found, and how far their shares are from the expected ones") {
  CHECK(classes_found({0.5, 0, 0.25, 0.25}) == 3);
  CHECK(class_divergence({0.5, 0.5}, {0.5, 0.5}) == 0);
  CHECK(class_divergence({1, 0, 0, 0}, {0.25, 0.25, 0.25, 0.25}) == Approx(std::log(4)));
  CHECK(class_divergence({0.5, 0.5}, {0.75, 0.25}) == Approx(0.5 * std::log(2.0 / 3) + 0.5 * std::log(2)));
  CHECK_THROWS_AS(class_divergence({1, 0}, {1}), std::invalid_argument);
  CHECK_THROWS_AS(class_divergence({0.5, 0.5}, {1, 0}), std::invalid_argument);
  CHECK(class_divergence({1, 0}, {1, 0}) == 0);
}

}  // namespace
}  // namespace duel
