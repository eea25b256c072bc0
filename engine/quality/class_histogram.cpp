#include "engine/quality/class_histogram.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace duel {

ClassHistogram class_histogram(const Points& probabilities) {
  const int count = probabilities.count();
  if (count == 0) throw std::invalid_argument("a class histogram needs at least one image");
  std::vector<int> images(static_cast<std::size_t>(probabilities.dimension));
  for (int i = 0; i < count; ++i) {
    const auto row = probabilities[i];
    ++images[static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin())];
  }
  ClassHistogram histogram;
  for (const int of_class : images) {
    const double share = static_cast<double>(of_class) / count;
    histogram.shares.push_back(share);
    if (share > 0) histogram.entropy -= share * std::log(share);
    histogram.largest = std::max(histogram.largest, share);
  }
  return histogram;
}

}  // namespace duel
