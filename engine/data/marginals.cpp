#include "engine/data/marginals.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace duel {

std::vector<float> biases_of_marginals(const ImageSet& images) {
  constexpr double kLeast = 1e-7;
  const std::size_t values = images.pixels.size() / static_cast<std::size_t>(images.count);
  std::vector<std::uint64_t> sums(values);
  for (std::size_t i = 0; i < images.pixels.size(); ++i) sums[i % values] += images.pixels[i];
  std::vector<float> biases;
  for (const std::uint64_t sum : sums) {
    const double mean = std::clamp(static_cast<double>(sum) / (255.0 * images.count), kLeast, 1 - kLeast);
    biases.push_back(static_cast<float>(std::log(mean / (1 - mean))));
  }
  return biases;
}

}  // namespace duel
