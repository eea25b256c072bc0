#include "engine/io/png.h"

#include <png.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <system_error>

#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"

namespace {

using duel::image_grid;
using duel::Picture;
using duel::PixelRange;

Picture read_png(const std::filesystem::path& file) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_file(&image, file.c_str()));
  Picture picture;
  picture.channels = (image.format & PNG_FORMAT_FLAG_COLOR) ? 3 : 1;
  image.format = picture.channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  picture.height = static_cast<int>(image.height);
  picture.width = static_cast<int>(image.width);
  picture.pixels.resize(PNG_IMAGE_SIZE(image));
  REQUIRE(png_image_finish_read(&image, nullptr, picture.pixels.data(), 0, nullptr));
  return picture;
}

using Bytes = std::vector<std::uint8_t>;

}  // namespace

TEST_CASE("an enlarged picture has every pixel as a square") {
  const Picture picture{.height = 2, .width = 2, .channels = 3, .pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  const Picture larger = duel::enlarged(picture, 2);
  CHECK((larger.height == 4 && larger.width == 4 && larger.channels == 3));
  const std::vector<std::uint8_t> upper = {1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6},
                                  lower = {7, 8, 9, 7, 8, 9, 10, 11, 12, 10, 11, 12};
  std::vector<std::uint8_t> expected;
  for (const auto& row : {upper, upper, lower, lower}) expected.insert(expected.end(), row.begin(), row.end());
  CHECK(larger.pixels == expected);
  CHECK(duel::enlarged(picture, 1).pixels == picture.pixels);
  CHECK_THROWS_AS(duel::enlarged(picture, 0), std::invalid_argument);
}

TEST_CASE("grid: padding around every image, last row incomplete") {
  // Three 1x2 images in two columns, padding 1: rows of height 2, columns of width 3, one more at each end.
  const std::vector<float> images = {-1, 1, 1, 1, 0, 1};
  const Picture grid = image_grid(images, 3, 1, 1, 2, 2, 1, PixelRange::fixed);
  CHECK(grid.channels == 1);
  CHECK(grid.height == 5);
  CHECK(grid.width == 7);
  CHECK(grid.pixels == Bytes{
                           0, 0,   0,   0, 0,   0,   0,  //
                           0, 0,   255, 0, 255, 255, 0,  //
                           0, 0,   0,   0, 0,   0,   0,  //
                           0, 128, 255, 0, 0,   0,   0,  //
                           0, 0,   0,   0, 0,   0,   0,  //
                       });
}

TEST_CASE("grid: more columns than images shrink the grid") {
  const std::vector<float> images(2 * 4, 1.0f);
  const Picture grid = image_grid(images, 2, 1, 2, 2, 8, 2, PixelRange::fixed);
  CHECK(grid.height == 6);
  CHECK(grid.width == 10);
}

TEST_CASE("grid: the script's 25 images of 28x28 make 152x152 pixels") {
  const std::vector<float> images(25 * 784, 0.0f);
  const Picture grid = image_grid(images, 25, 1, 28, 28, 5);
  CHECK(grid.height == 152);
  CHECK(grid.width == 152);
}

TEST_CASE("grid: a single image has no frame, as in torchvision") {
  const std::vector<float> images = {-1, 1, 0, 1};
  const Picture grid = image_grid(images, 1, 1, 2, 2, 5, 2, PixelRange::fixed);
  CHECK(grid.height == 2);
  CHECK(grid.width == 2);
  CHECK(grid.pixels == Bytes{0, 255, 128, 255});
}

TEST_CASE("grid: colour planes are interleaved") {
  const std::vector<float> images = {1, -1, -1, 1, 1, 1};  // red 1 -1, green -1 1, blue 1 1
  const Picture grid = image_grid(images, 1, 3, 1, 2, 1, 0, PixelRange::fixed);
  CHECK(grid.channels == 3);
  CHECK(grid.pixels == Bytes{255, 0, 255, 0, 255, 255});
}

TEST_CASE("minmax stretches over the whole grid, not over each image") {
  const std::vector<float> images = {-0.5f, 0.0f, 0.25f, 0.5f};
  const Picture grid = image_grid(images, 2, 1, 1, 2, 2, 0);
  CHECK(grid.pixels == Bytes{0, 128, 191, 255});  // floor(0.75 * 255 + 0.5) = 191
}

TEST_CASE("minmax of a constant picture is black, not a division by zero") {
  CHECK(image_grid(std::vector<float>{0.7f, 0.7f}, 1, 1, 1, 2, 1).pixels == Bytes{0, 0});
}

TEST_CASE("fixed clamps values outside [-1, 1] and rounds like save_image") {
  const std::vector<float> images = {-7, 7, -1 + 2.0f * 0.49f / 255, -1 + 2.0f * 0.51f / 255};
  CHECK(image_grid(images, 1, 1, 1, 4, 1, 0, PixelRange::fixed).pixels == Bytes{0, 255, 0, 1});
}

TEST_CASE("fixed takes pixels in [0, 1] as they are, where the images have that range") {
  const Picture grid = image_grid(std::vector<float>{-0.5f, 0, 0.5f, 1, 1.5f, 0.25f}, 1, 1, 1, 6, 1, 0,
                                  PixelRange::fixed, duel::ImageRange::zero_to_one);
  CHECK(grid.pixels == Bytes{0, 0, 128, 255, 255, 64});
}

TEST_CASE("values that are not finite become black and do not disturb the others") {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float huge = std::numeric_limits<float>::max();
  CHECK(image_grid(std::vector<float>{nan, 1, 2, 3, inf, -inf}, 1, 1, 1, 6, 1).pixels == Bytes{0, 0, 128, 255, 0, 0});
  CHECK(image_grid(std::vector<float>{nan, inf}, 1, 1, 1, 2, 1).pixels == Bytes{0, 0});
  CHECK(image_grid(std::vector<float>{nan, inf, 1}, 1, 1, 1, 3, 1, 0, PixelRange::fixed).pixels == Bytes{0, 0, 255});
  CHECK(image_grid(std::vector<float>{-huge, 0, huge}, 1, 1, 1, 3, 1).pixels == Bytes{0, 128, 255});
}

TEST_CASE("sizes that disagree are refused") {
  const std::vector<float> images(4, 0.0f);
  CHECK_THROWS_AS(image_grid(images, 2, 1, 2, 2, 1), std::invalid_argument);
  CHECK_THROWS_AS(image_grid(images, 0, 1, 2, 2, 1), std::invalid_argument);
  CHECK_THROWS_AS(image_grid(images, 1, 2, 1, 2, 1), std::invalid_argument);
  CHECK_THROWS_AS(image_grid(images, 1, 1, 2, 2, 0), std::invalid_argument);
  CHECK_THROWS_AS(image_grid(images, 1, 1, 2, 2, 1, -1), std::invalid_argument);
  CHECK_THROWS_AS(image_grid(images, 4, 1, 1, 1, 4, 1'000'000'000), std::invalid_argument);
  CHECK_NOTHROW(duel::require_grid(100'000, 1, 6, 6, 100, 2));
  CHECK_NOTHROW(duel::require_grid(1, 1, 1'000'000, 1000, 1, 2));  // one image has no frame
  CHECK_THROWS_AS(duel::require_grid(1, 1, 1'000'001, 1, 1, 2), std::invalid_argument);
  CHECK_THROWS_AS(duel::require_grid(100'000, 1, 28, 28, 100'000, 2), std::invalid_argument);
  CHECK_THROWS_AS(duel::require_grid(100'000, 1, 28, 28, 1, 2), std::invalid_argument);
  CHECK_THROWS_AS(duel::require_grid(100'000, 3, 1024, 1024, 300, 2), std::invalid_argument);  // 300 GiB
  CHECK_THROWS_AS(duel::write_png("unused.png", Picture{2, 2, 1, Bytes(3)}), std::invalid_argument);
  CHECK_THROWS_AS(duel::write_png("unused.png", Picture{0, 0, 1, {}}), std::invalid_argument);
}

TEST_CASE("a written picture reads back the same") {
  const duel::test::TemporaryFolder folder;
  for (const int channels : {1, 3}) {
    Picture picture{7, 5, channels, {}};
    for (int i = 0; i < 7 * 5 * channels; ++i) picture.pixels.push_back(static_cast<std::uint8_t>(i * 37 + 11));
    const std::filesystem::path file = folder.path() / "picture.png";
    duel::write_png(file, picture);
    const Picture read = read_png(file);
    CHECK(read.height == 7);
    CHECK(read.width == 5);
    CHECK(read.channels == channels);
    CHECK(read.pixels == picture.pixels);
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);  // no temporary is left
}

TEST_CASE("a folder that does not exist is a system error that names the file") {
  const duel::test::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "missing" / "picture.png";
  try {
    duel::write_png(file, Picture{1, 1, 1, Bytes(1)});
    FAIL("expected std::system_error");
  } catch (const std::system_error& error) {
    CHECK(std::string(error.what()).find(file.string()) != std::string::npos);
  }
}
