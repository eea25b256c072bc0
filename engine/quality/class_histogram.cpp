#include "engine/quality/class_histogram.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace duel {

ClassHistogram class_histogram(std::vector<double> shares) {
  ClassHistogram histogram;
  for (const double share : shares) {
    if (share > 0) histogram.entropy -= share * std::log(share);
    histogram.largest = std::max(histogram.largest, share);
  }
  histogram.shares = std::move(shares);
  return histogram;
}

ClassHistogram class_histogram(const Points& probabilities) {
  const int count = probabilities.count();
  if (count == 0) throw std::invalid_argument("a class histogram needs at least one image");
  std::vector<int> images(static_cast<std::size_t>(probabilities.dimension));
  for (int i = 0; i < count; ++i) {
    const auto row = probabilities[i];
    ++images[static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin())];
  }
  std::vector<double> shares;
  for (const int of_class : images) shares.push_back(static_cast<double>(of_class) / count);
  return class_histogram(std::move(shares));
}

}  // namespace duel
