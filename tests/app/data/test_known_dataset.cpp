// Datasets that are known by their images, and the names of their classes.
#include "app/data/known_dataset.h"

#include "app/data/dataset_file.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/io/data_identity.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"

namespace duel::app {
namespace {

using duel::test::TemporaryFolder;

ImageSet images_of(std::uint8_t pixel) {
  return {.count = 2, .height = 3, .width = 3, .pixels = std::vector<std::uint8_t>(18, pixel), .name = "anything"};
}

/// A program that knows the images of pixels 7.
TrainingProgram program() {
  return {.name = "some_gan",
          .about = "",
          .presets = {},
          .data = {},
          .downloads = {{.name = "without", .about = "", .mirrors = {}, .files = {}},
                        {.name = "sevens",
                         .about = "",
                         .mirrors = {},
                         .files = {},
                         .classes = {{0, "low"}, {1, "high"}},
                         .checksum = identity_of(images_of(7)).checksum}}};
}

TEST_CASE("a dataset is known by its images, whatever it is called") {
  const TrainingProgram knowing = program();
  const Download* const known = known_dataset(knowing, images_of(7));
  REQUIRE(known != nullptr);
  CHECK(known->name == "sevens");
  CHECK(known_dataset(knowing, images_of(8)) == nullptr);
}

TEST_CASE("classes are called as the folder says, else as the known dataset has it") {
  const TrainingProgram knowing = program();
  const TemporaryFolder folder;
  CHECK(class_names(knowing, folder.path(), images_of(7)) == ClassNames{{0, "low"}, {1, "high"}});
  CHECK(class_names(knowing, folder.path(), images_of(8)).empty());
  folder.write(kDatasetFile, R"({"classes":{"1":"mine"}})");
  CHECK(class_names(knowing, folder.path(), images_of(7)) == ClassNames{{1, "mine"}});
  folder.write(kDatasetFile, R"({"classes":7})");
  CHECK_THROWS_AS(class_names(knowing, folder.path(), images_of(7)), DataError);
  CHECK(class_names_if_any(knowing, folder.path(), images_of(7)).empty());
}

TEST_CASE("labels without a name are called by their number") {
  const std::vector<std::uint8_t> labels = {1, 4};
  CHECK(names_of_labels({{0, "low"}, {1, "high"}}, labels) == ClassNames{{1, "high"}, {4, "4"}});
}

TEST_CASE("the published datasets of digits and clothes are known, and their classes have names") {
  for (const Download& download : mnist_gan().downloads) {
    const bool is_known = download.name == "mnist" || download.name == "fashion";
    CHECK(download.checksum.size() == (is_known ? 16 : 0));
    CHECK(download.anchors.empty() == (download.name != "mnist"));
    if (is_known) CHECK(download.classes.size() == 10);
  }
}

}  // namespace
}  // namespace duel::app
