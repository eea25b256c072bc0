#include "engine/quality/class_fidelity.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

namespace duel {
namespace {

void require_classes(const Points& points, std::span<const std::uint8_t> classes) {
  if (classes.size() == static_cast<std::size_t>(points.count())) return;
  throw std::invalid_argument("expected a class for each of " + std::to_string(points.count()) + " images, found " +
                              std::to_string(classes.size()));
}

}  // namespace

double confirmed_share(const Points& probabilities, std::span<const std::uint8_t> classes) {
  require_classes(probabilities, classes);
  int confirmed = 0;
  for (int i = 0; i < probabilities.count(); ++i) {
    const auto row = probabilities[i];
    const auto most_probable = std::max_element(row.begin(), row.end()) - row.begin();
    if (most_probable == classes[static_cast<std::size_t>(i)]) ++confirmed;
  }
  return static_cast<double>(confirmed) / probabilities.count();
}

std::vector<Moments> moments_by_class(const Points& points, std::span<const std::uint8_t> classes, int count) {
  require_classes(points, classes);
  std::vector<std::vector<float>> of_class(static_cast<std::size_t>(count));
  for (int i = 0; i < points.count(); ++i) {
    const std::uint8_t number = classes[static_cast<std::size_t>(i)];
    if (number >= count) {
      throw std::invalid_argument("expected classes below " + std::to_string(count) + ", found " +
                                  std::to_string(number));
    }
    of_class[number].insert(of_class[number].end(), points[i].begin(), points[i].end());
  }
  std::vector<Moments> moments;
  for (const std::vector<float>& values : of_class) {
    const Points some{values, points.dimension};
    moments.push_back(some.count() < 2 ? Moments{} : moments_of(some));
  }
  return moments;
}

double frechet_within_classes(const std::vector<Moments>& a, const std::vector<Moments>& b) {
  double sum = 0;
  int compared = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i].dimension == 0 || b[i].dimension == 0) continue;
    sum += frechet_distance(a[i], b[i]);
    ++compared;
  }
  return compared > 0 ? sum / compared : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace duel
