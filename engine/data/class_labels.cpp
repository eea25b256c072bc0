#include "engine/data/class_labels.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>

namespace duel {

ClassLabels::ClassLabels(std::span<const std::uint8_t> labels) {
  std::map<std::uint8_t, int> counts;
  for (const std::uint8_t label : labels) ++counts[label];
  for (const auto& [label, count] : counts) {
    labels_.push_back(label);
    shares_.push_back(static_cast<double>(count) / static_cast<double>(labels.size()));
  }
}

int ClassLabels::class_of(std::uint8_t label) const {
  const auto found = std::lower_bound(labels_.begin(), labels_.end(), label);
  return found == labels_.end() || *found != label ? -1 : static_cast<int>(found - labels_.begin());
}

std::vector<std::uint8_t> ClassLabels::classes_of(std::span<const std::uint8_t> labels) const {
  std::vector<std::uint8_t> classes;
  classes.reserve(labels.size());
  for (const std::uint8_t label : labels) {
    const int number = class_of(label);
    if (number < 0) throw std::invalid_argument("label " + std::to_string(label) + " is of no class");
    classes.push_back(static_cast<std::uint8_t>(number));
  }
  return classes;
}

}  // namespace duel
