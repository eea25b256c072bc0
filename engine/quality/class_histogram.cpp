#include "engine/quality/class_histogram.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
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

int classes_found(const std::vector<double>& shares) {
  return static_cast<int>(std::count_if(shares.begin(), shares.end(), [](double share) { return share > 0; }));
}

double class_divergence(const std::vector<double>& shares, const std::vector<double>& expected) {
  if (shares.size() != expected.size()) throw std::invalid_argument("expected as many classes as shares");
  double divergence = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] <= 0) continue;
    if (expected[i] <= 0) throw std::invalid_argument("expected no image of class " + std::to_string(i));
    divergence += shares[i] * std::log(shares[i] / expected[i]);
  }
  return divergence;
}

}  // namespace duel
