// Which pixels meet: the taps of both ways against the definition, for every kernel, stride, padding and upsampling.
#include <set>
#include <tuple>

#include "kernels/convolution/cases.h"
#include "kernels/convolution/reference.h"
#include "kernels/convolution/rows.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

template <class Function>
void for_each_axis(Function f) {
  for (int kernel = 1; kernel <= 5; ++kernel) {
    for (int padding = 0; padding < kernel; ++padding) {
      for (int stride = 1; stride <= kernel && stride <= 4; ++stride) {
        f(geometry_of(1, 5, 6, 1, kernel, stride, padding));
        f(geometry_of(1, 8, 7, 1, kernel, stride, padding));
      }
      f(geometry_of(1, 4, 3, 1, kernel, 1, padding, 2));
    }
  }
}

// (place written, place read, value of the kernel) along one axis, as the taps of a passage say.
std::multiset<std::tuple<int, int, int>> by_taps(const TapMap& map, int written, int read) {
  std::multiset<std::tuple<int, int, int>> met;
  for (int place = 0; place < written; ++place) {
    const int r = place % map.classes(), first = place / map.classes() * map.step() + map.first(r);
    for (int t = 0; t < map.count(r); ++t) {
      for (int k = map.begin(r, t); k < map.end(r, t); ++k) {
        if (first + t >= 0 && first + t < read) met.insert({place, first + t, k});
      }
    }
  }
  return met;
}

TEST_CASE("convolution geometry: taps are those of the definition, both ways") {
  for_each_axis([](const ConvolutionGeometry& g) {
    CAPTURE(g.input.height, g.kernel, g.stride, g.padding, g.upsample);
    require_geometry("test", g);
    const int in = g.input.height, out = g.output().height;
    std::multiset<std::tuple<int, int, int>> forward, back;
    for (int o = 0; o < out; ++o) {
      for (int k = 0; k < g.kernel; ++k) {
        const int upsampled = o * g.stride - g.padding + k;
        if (upsampled < 0 || upsampled >= in * g.upsample) continue;
        forward.insert({o, upsampled / g.upsample, k});
        back.insert({upsampled / g.upsample, o, k});
      }
    }
    CHECK(by_taps(passage(g, false).taps, out, in) == forward);
    CHECK(by_taps(passage(g, true).taps, in, out) == back);
  });
}

TEST_CASE("convolution geometry: pixels come class after class, each once") {
  for (const int classes : {1, 2, 3}) {
    const TapMap map{3, classes, 1, 1, true};
    for (const int extent : {1, 2, 3, 7, 8}) {
      CAPTURE(classes, extent);
      std::set<int> seen;
      for (int j = 0, last = -1; j < extent; ++j) {
        const int pixel = map.pixel(j, extent);
        CHECK(seen.insert(pixel).second);
        CHECK((pixel >= 0 && pixel < extent));
        if (last >= 0) CHECK((pixel == last + classes || pixel % classes == last % classes + 1));
        last = pixel;
      }
    }
  }
}

TEST_CASE("convolution geometry: sizes, filters and work of the well-known layers") {
  const auto strided = geometry_of(16, 16, 16, 32, 3, 2, 1);
  CHECK(strided.output().height == 8);
  CHECK(FilterBank(forward_passage(strided)).size() == 0);
  CHECK(FilterBank(backward_passage(strided)).size() == 16u * 32 * 9);  // 1, 2, 2 and 4 of the kernel's nine
  CHECK(passage_flops(forward_passage(geometry_of(2, 4, 4, 3, 1, 1, 0)), 5).products == 2.0 * 2 * 3 * 16 * 5);

  const auto upsampled = geometry_of(128, 8, 8, 64, 3, 1, 1, 2);
  CHECK(upsampled.output().height == 16);
  CHECK(FilterBank(forward_passage(upsampled)).size() == 128u * 64 * 16);   // four classes of 2 x 2 taps
  CHECK(FilterBank(backward_passage(upsampled)).size() == 128u * 64 * 16);  // one of 4 x 4

  const auto transposed = geometry_of(64, 14, 14, 128, 4, 2, 1, 1, true);  // ConvTranspose2d(128, 64, 4, 2, 1)
  CHECK(transposed.layer_input().rows() == 128 * 7 * 7);
  CHECK(transposed.layer_output().rows() == 64 * 14 * 14);
}

TEST_CASE("convolution geometry: what cannot be is refused with what was expected") {
  const auto message = [](ConvolutionGeometry g) -> std::string {
    try {
      require_geometry("test", g);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  const auto good = geometry_of(3, 8, 8, 4, 3, 2, 1);
  CHECK(message(good) == "");
  auto g = good;
  g.input.channels = 0;
  CHECK(message(g) == "test: expected at least one channel and pixel, not 0 x 8 x 8 -> 4");
  g = good, g.kernel = 17;
  CHECK(message(g) == "test: expected kernel from 1 to 16, not 17");
  g = good, g.stride = 4;
  CHECK(message(g) == "test: expected stride from 1 to 3 (no larger than the kernel), not 4");
  g = good, g.padding = 3;
  CHECK(message(g) == "test: expected padding from 0 to less than the kernel, 3, not 3");
  g = good, g.upsample = 3;
  CHECK(message(g) == "test: expected upsample 1 or 2, not 3");
  g = good, g.upsample = 2;
  CHECK(message(g) == "test: expected stride 1 where the input is upsampled, not 2");
  g = geometry_of(3, 2, 8, 4, 5, 1, 1);
  CHECK(message(g).find("expected an input that is no smaller than the kernel with padding, not 3 x 2 x 8 -> 4") !=
        std::string::npos);
}

}  // namespace
}  // namespace duel::test
