// Labels of a dataset as the classes of networks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace duel {

/// As many classes as different labels occur: class c is the c-th smallest of them. (EMNIST calls its 26 letters 1 to
/// 26.)
class ClassLabels {
 public:
  explicit ClassLabels(std::span<const std::uint8_t> labels);

  int count() const { return static_cast<int>(labels_.size()); }
  /// By class.
  const std::vector<std::uint8_t>& labels() const { return labels_; }
  /// How frequent each was; they sum to 1.
  const std::vector<double>& shares() const { return shares_; }
  /// -1 where the label did not occur.
  int class_of(std::uint8_t label) const;
  /// Throws std::invalid_argument for a label that did not occur.
  std::vector<std::uint8_t> classes_of(std::span<const std::uint8_t> labels) const;

 private:
  std::vector<std::uint8_t> labels_;
  std::vector<double> shares_;
};

}  // namespace duel
