// How far a kernel's float results may be from the double reference.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "kernels/op.h"

namespace duel::verify {

/// Largest relative error of one rounding to float.
inline constexpr double kRounding = 0x1p-24;

/// Error of a float sum of `depth` products, relative to the sum of their absolute values. Its `depth` roundings are
/// as often up as down, so they add up like sqrt(depth) of them, and every one is at most kRounding of the absolute
/// sum. The factor 4 is four standard deviations, and covers the few further roundings (product, bias, factor) that a
/// result of depth 1 has. A lost or doubled term, or arithmetic with 11 bits (TF32), is far outside.
inline double sum_error(int depth) {
  return 4 * std::sqrt(static_cast<double>(depth)) * kRounding;
}

/// The same for what is lost because the factors were rounded to a lower precision, relative to the sum of the products
/// of their operand_magnitude()s: at most u of either factor, so 2 u + u^2 of every product, and no statistics, for a
/// real sum may have few large terms. Matrix instructions then add up exact products and cut off what lies more than 24
/// bits below the largest: that is up to two roundings for every term.
inline double operand_error(Precision precision, int depth) {
  if (precision == Precision::fp32) return 0;
  const double u = precision == Precision::bf16 ? 0x1p-8 : 0x1p-11;
  return 2 * u + u * u + 2 * depth * kRounding;
}
/// What rounding errors of a factor are relative to: FP16 loses bits below its smallest normal number.
inline double operand_magnitude(Precision precision, double x) {
  return precision == Precision::fp16 ? std::max(std::abs(x), 0x1p-14) : std::abs(x);
}

/// The largest allowed difference in each element of an output tensor, by the tensor's name.
class Bounds {
 public:
  void set(const std::string& name, std::vector<double> per_element) { bounds_[name] = std::move(per_element); }
  /// The tensor must keep what it held before, although the arguments name it as an output.
  void set_untouched(const std::string& name) { bounds_[name].clear(); }

  bool is_untouched(const std::string& name) const {
    const auto found = bounds_.find(name);
    return found != bounds_.end() && found->second.empty();
  }
  /// 0, equality, where nothing was set.
  double of(const std::string& name, std::size_t element) const {
    const auto found = bounds_.find(name);
    return found == bounds_.end() ? 0.0 : found->second.at(element);
  }

 private:
  std::map<std::string, std::vector<double>> bounds_;
};

/// factor * |values|, element by element; nothing for an absent view.
template <class V>
std::vector<double> scaled_magnitude(double factor, const V& view) {
  std::vector<double> result(view ? view.size() : 0);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = factor * std::abs(view.data[i]);
  return result;
}

}  // namespace duel::verify
