#include "engine/data/picture_fit.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

namespace duel {
namespace {

constexpr double kLobes = 3;

double lanczos(double x) {
  if (x == 0) return 1;
  if (std::abs(x) >= kLobes) return 0;
  const double angle = std::numbers::pi * x;
  return kLobes * std::sin(angle) * std::sin(angle / kLobes) / (angle * angle);
}

/// What pixels of a line one pixel of the resized line is the mean of.
struct Mean {
  int first;
  std::vector<float> weights;  ///< their sum is 1
};

std::vector<Mean> means_of(int from, int to) {
  const double scale = static_cast<double>(from) / to, unit = std::max(scale, 1.0);
  std::vector<Mean> means;
  for (int i = 0; i < to; ++i) {
    const double centre = (i + 0.5) * scale;
    const int first = std::max(0, static_cast<int>(centre - kLobes * unit + 0.5));
    const int end = std::min(from, static_cast<int>(centre + kLobes * unit + 0.5));
    std::vector<double> weights;
    double sum = 0;
    for (int at = first; at < end; ++at) sum += weights.emplace_back(lanczos((at + 0.5 - centre) / unit));
    Mean& mean = means.emplace_back(Mean{first, {}});
    for (const double weight : weights) mean.weights.push_back(static_cast<float>(weight / sum));
  }
  return means;
}

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(std::clamp(value + 0.5f, 0.f, 255.f));
}

void require_picture(const Picture& picture) {
  const std::size_t values = static_cast<std::size_t>(picture.height) * picture.width * picture.channels;
  if (picture.height >= 1 && picture.width >= 1 && picture.pixels.size() == values) return;
  throw std::invalid_argument("a picture of " + std::to_string(picture.height) + " x " + std::to_string(picture.width) +
                              " x " + std::to_string(picture.channels) + " pixels with " +
                              std::to_string(picture.pixels.size()) + " values cannot be resized");
}

/// A part of `picture`.
Picture part_of(const Picture& picture, int top, int left, int height, int width) {
  if (height == picture.height && width == picture.width) return picture;
  Picture part{height, width, picture.channels, {}};
  const auto row_values = static_cast<std::ptrdiff_t>(width) * picture.channels;
  for (int y = top; y < top + height; ++y) {
    const auto row =
        picture.pixels.begin() + (static_cast<std::ptrdiff_t>(y) * picture.width + left) * picture.channels;
    part.pixels.insert(part.pixels.end(), row, row + row_values);
  }
  return part;
}

/// `picture` in the middle of a square of `size`.
Picture framed(const Picture& picture, int size, std::uint8_t ground) {
  const auto channels = static_cast<std::size_t>(picture.channels);
  Picture square{size, size, picture.channels, std::vector<std::uint8_t>(channels * size * size, ground)};
  const int top = (size - picture.height) / 2, left = (size - picture.width) / 2;
  const auto row_values = static_cast<std::ptrdiff_t>(picture.width) * picture.channels;
  for (int y = 0; y < picture.height; ++y) {
    const auto to = square.pixels.begin() + (static_cast<std::ptrdiff_t>(top + y) * size + left) * picture.channels;
    std::copy_n(picture.pixels.begin() + y * row_values, row_values, to);
  }
  return square;
}

}  // namespace

Picture resized(const Picture& picture, int height, int width) {
  require_picture(picture);
  if (height < 1 || width < 1) throw std::invalid_argument("a picture cannot be resized to less than one pixel");
  if (height == picture.height && width == picture.width) return picture;
  const int channels = picture.channels;
  const std::vector<Mean> columns = means_of(picture.width, width), rows = means_of(picture.height, height);
  const std::size_t row_values = static_cast<std::size_t>(width) * channels;

  std::vector<float> narrow(static_cast<std::size_t>(picture.height) *
                            row_values);  // [picture.height, width, channels]
  for (int y = 0; y < picture.height; ++y) {
    const std::uint8_t* row = picture.pixels.data() + static_cast<std::size_t>(y) * picture.width * channels;
    float* to = narrow.data() + static_cast<std::size_t>(y) * row_values;
    for (const Mean& mean : columns) {
      for (int c = 0; c < channels; ++c) {
        const std::uint8_t* from = row + static_cast<std::size_t>(mean.first) * channels + c;
        float sum = 0;
        for (const float weight : mean.weights) {
          sum += weight * static_cast<float>(*from);
          from += channels;
        }
        *to++ = sum;
      }
    }
  }
  Picture result{height, width, channels, {}};
  result.pixels.reserve(static_cast<std::size_t>(height) * row_values);
  std::vector<float> sums(row_values);
  for (const Mean& mean : rows) {
    std::fill(sums.begin(), sums.end(), 0.f);
    const float* from = narrow.data() + static_cast<std::size_t>(mean.first) * row_values;
    for (const float weight : mean.weights) {
      for (std::size_t i = 0; i < row_values; ++i) sums[i] += weight * *from++;
    }
    for (const float sum : sums) result.pixels.push_back(to_byte(sum));
  }
  return result;
}

Picture fit_picture(const Picture& picture, int size, Fit fit, std::uint8_t ground) {
  require_picture(picture);
  const int least = std::min(picture.height, picture.width), most = std::max(picture.height, picture.width);
  if (fit == Fit::crop) {
    const int top = (picture.height - least) / 2, left = (picture.width - least) / 2;
    return resized(part_of(picture, top, left, least, least), size, size);
  }
  const auto side = [&](int of) { return std::max(1, static_cast<int>(std::lround(1.0 * of * size / most))); };
  return framed(resized(picture, side(picture.height), side(picture.width)), size, ground);
}

bool is_grey(const Picture& picture) {
  if (picture.channels == 1) return true;
  for (std::size_t at = 0; at + 2 < picture.pixels.size(); at += 3) {
    if (picture.pixels[at] != picture.pixels[at + 1] || picture.pixels[at] != picture.pixels[at + 2]) return false;
  }
  return true;
}

Picture with_channels(Picture picture, int channels) {
  if (picture.channels == channels) return picture;
  Picture result{picture.height, picture.width, channels, {}};
  if (channels == 3) {
    result.pixels.reserve(3 * picture.pixels.size());
    for (const std::uint8_t value : picture.pixels) result.pixels.insert(result.pixels.end(), 3, value);
    return result;
  }
  result.pixels.reserve(picture.pixels.size() / 3);
  for (std::size_t at = 0; at + 2 < picture.pixels.size(); at += 3) {
    result.pixels.push_back(to_byte(0.299f * static_cast<float>(picture.pixels[at]) +
                                    0.587f * static_cast<float>(picture.pixels[at + 1]) +
                                    0.114f * static_cast<float>(picture.pixels[at + 2])));
  }
  return result;
}

std::vector<std::uint8_t> planes_of(const Picture& picture) {
  std::vector<std::uint8_t> planes;
  planes.reserve(picture.pixels.size());
  const auto channels = static_cast<std::size_t>(picture.channels);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t at = c; at < picture.pixels.size(); at += channels) planes.push_back(picture.pixels[at]);
  }
  return planes;
}

Picture picture_of_planes(const std::uint8_t* planes, int height, int width, int channels) {
  const std::size_t plane = static_cast<std::size_t>(height) * width;
  Picture picture{height, width, channels, {}};
  picture.pixels.reserve(plane * static_cast<std::size_t>(channels));
  for (std::size_t p = 0; p < plane; ++p) {
    for (int c = 0; c < channels; ++c) picture.pixels.push_back(planes[static_cast<std::size_t>(c) * plane + p]);
  }
  return picture;
}

}  // namespace duel
