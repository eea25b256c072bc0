// Pictures of any size as images of one.
#include "engine/data/picture_fit.h"

#include <cstdlib>
#include <stdexcept>

#include "tests/support/catch.h"

namespace duel {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// 6 x 7 values without a pattern.
Picture sample(int channels = 1) {
  Picture picture{6, 7, channels, {}};
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 7; ++x) {
      for (int c = 0; c < channels; ++c) {
        picture.pixels.push_back(static_cast<std::uint8_t>((y * 37 + x * 53 + (x * y) % 7 * 29) % 256));
      }
    }
  }
  return picture;
}

TEST_CASE("resized: as Pillow's LANCZOS, smaller and larger, to its rounding") {
  // Image.resize((width, height), Image.LANCZOS) of Pillow 13.0, which rounds between its two passes.
  const auto check_equals = [](int height, int width, const std::vector<int>& expected) {
    for (const int channels : {1, 3}) {
      const Picture result = resized(sample(channels), height, width);
      REQUIRE((result.height == height && result.width == width && result.channels == channels));
      REQUIRE(result.pixels.size() == expected.size() * static_cast<std::size_t>(channels));
      for (std::size_t i = 0; i < result.pixels.size(); ++i) {
        CHECK(std::abs(result.pixels[i] - expected[i / static_cast<std::size_t>(channels)]) <= 1);
      }
    }
  };
  check_equals(3, 3, {70, 132, 84, 135, 126, 108, 124, 122, 72});
  check_equals(4, 10, {6,   28,  95,  149, 115, 131, 178, 103, 46, 47, 52,  132, 188, 117, 92,  70,  82, 192, 121, 1,
                       113, 166, 166, 79,  95,  168, 195, 153, 70, 31, 183, 133, 71,  82,  137, 143, 89, 60,  49,  47});
  check_equals(9, 2, {84, 111, 97, 110, 109, 103, 106, 95, 144, 110, 157, 126, 110, 115, 115, 80, 142, 59});
}

TEST_CASE("resized: an even area stays even, and the same size stays as it is") {
  const Picture even{100, 37, 3, Bytes(100 * 37 * 3, 201)};
  for (const auto& [height, width] : {std::pair{28, 28}, {1, 1}, {200, 3}}) {
    const Picture result = resized(even, height, width);
    CHECK(result.pixels == Bytes(static_cast<std::size_t>(height * width * 3), 201));
  }
  CHECK(resized(sample(), 6, 7).pixels == sample().pixels);
}

TEST_CASE("resized: stripes finer than a pixel become grey, not stripes") {
  Picture stripes{64, 64, 1, {}};
  for (int i = 0; i < 64 * 64; ++i) stripes.pixels.push_back(i % 2 == 0 ? 0 : 255);
  const Picture small = resized(stripes, 9, 9);
  for (int y = 0; y < 9; ++y) {
    for (int x = 1; x < 8; ++x) CHECK(std::abs(small.pixels[static_cast<std::size_t>(y * 9 + x)] - 128) < 8);
  }
}

TEST_CASE("fit: crop takes the middle, pad keeps all between bars") {
  Picture wide{2, 6, 1, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  CHECK(fit_picture(wide, 2, Fit::crop).pixels == Bytes{3, 4, 9, 10});
  CHECK(fit_picture(wide, 6, Fit::pad, 99).pixels == Bytes{99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
                                                           1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,
                                                           99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99});
  const Picture tall{6, 2, 1, wide.pixels};
  CHECK(fit_picture(tall, 2, Fit::crop).pixels == Bytes{5, 6, 7, 8});
  const Picture padded = fit_picture(tall, 6, Fit::pad);
  CHECK((padded.pixels[0] == 0 && padded.pixels[2] == 1 && padded.pixels[3] == 2 && padded.pixels[4] == 0));
  const Picture line = fit_picture({1, 1000, 1, Bytes(1000, 255)}, 8, Fit::pad);  // thinner than a pixel
  CHECK(std::count(line.pixels.begin(), line.pixels.end(), 255) == 8);
  CHECK_THROWS_AS(fit_picture({0, 0, 1, {}}, 8, Fit::crop), std::invalid_argument);
  CHECK_THROWS_AS(fit_picture(wide, 0, Fit::crop), std::invalid_argument);
}

TEST_CASE("channels: grey by the weights of BT.601, RGB of equal values, planes and back") {
  const Picture colours{1, 5, 3, {255, 0, 0, 0, 255, 0, 0, 0, 255, 12, 200, 90, 255, 255, 255}};
  CHECK(with_channels(colours, 1).pixels == Bytes{76, 150, 29, 131, 255});  // as Pillow's convert("L")
  CHECK(!is_grey(colours));
  const Picture grey{1, 2, 1, {7, 250}};
  CHECK(with_channels(grey, 3).pixels == Bytes{7, 7, 7, 250, 250, 250});
  CHECK((is_grey(grey) && is_grey(with_channels(grey, 3))));
  CHECK(planes_of(colours) == Bytes{255, 0, 0, 12, 255, 0, 255, 0, 200, 255, 0, 0, 255, 90, 255});
  CHECK(picture_of_planes(planes_of(colours).data(), 1, 5, 3).pixels == colours.pixels);
}

}  // namespace
}  // namespace duel
