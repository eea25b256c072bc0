#include "engine/quality/inception_score.h"

#include <cmath>
#include <stdexcept>
#include <vector>

namespace duel {

double inception_score(const Points& probabilities) {
  const int count = probabilities.count();
  if (count == 0) throw std::invalid_argument("an inception score needs at least one image");
  std::vector<double> marginal(static_cast<std::size_t>(probabilities.dimension));
  for (int i = 0; i < count; ++i) {
    for (std::size_t c = 0; c < marginal.size(); ++c) marginal[c] += static_cast<double>(probabilities[i][c]) / count;
  }
  double divergence = 0;
  for (int i = 0; i < count; ++i) {
    for (std::size_t c = 0; c < marginal.size(); ++c) {
      const auto p = static_cast<double>(probabilities[i][c]);
      if (p > 0) divergence += p * std::log(p / marginal[c]) / count;
    }
  }
  return std::exp(divergence);
}

}  // namespace duel
