#include "tools/kernel_lab/shapes.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "files/number_text.h"
#include "files/suggest.h"
#include "files/text.h"

namespace duel::lab {
namespace {

constexpr int kLargest = 1 << 24;
constexpr std::size_t kMostCases = 1000;

[[noreturn]] void refuse(const std::string& text) {
  throw std::invalid_argument("--shape: expected AXIS=SIZE,SIZE,... or AXIS=FROM..TO with whole numbers from 1 to " +
                              std::to_string(kLargest) + ", found " + in_quotes(text));
}

int size_of(const std::string& text, const std::string& whole) {
  const auto value = read_number<int>(text);
  if (!value || *value < 1 || *value > kLargest) refuse(whole);
  return *value;
}

/// One size for each axis, in turn: the last axis first.
bool advance(std::vector<std::size_t>& at, const std::vector<std::vector<int>>& sizes) {
  for (std::size_t i = at.size(); i-- > 0;) {
    if (++at[i] < sizes[i].size()) return true;
    at[i] = 0;
  }
  return false;
}

/// Of each axis of the op.
std::vector<std::vector<int>> sizes_of(const LabOp& op, const std::vector<AxisSizes>& shapes) {
  std::vector<std::vector<int>> sizes;
  std::vector<std::string> names;
  for (const Axis& axis : op.axes()) {
    names.emplace_back(axis.name);
    sizes.push_back({axis.usual});
  }
  if (names.empty()) throw std::invalid_argument("--shape: " + op.name() + " has one shape only");
  for (const AxisSizes& shape : shapes) {
    const auto found = std::find(names.begin(), names.end(), shape.axis);
    if (found == names.end()) {
      throw std::invalid_argument("--shape: " + op.name() + " has no axis " + in_quotes(shape.axis) +
                                  did_you_mean(shape.axis, names) + "; it has " + alternatives(names));
    }
    sizes[static_cast<std::size_t>(found - names.begin())] = shape.sizes;
  }
  std::size_t count = 1;
  for (const auto& one : sizes) count = std::min(count * one.size(), kMostCases + 1);
  if (count > kMostCases) {
    throw std::invalid_argument("--shape: expected at most " + std::to_string(kMostCases) + " shapes of " + op.name());
  }
  return sizes;
}

}  // namespace

AxisSizes parse_axis_sizes(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) refuse(text);
  AxisSizes result{text.substr(0, equals), {}};
  const std::string values = text.substr(equals + 1);
  const auto dots = values.find("..");
  if (dots != std::string::npos) {
    const int from = size_of(values.substr(0, dots), text), to = size_of(values.substr(dots + 2), text);
    if (from > to) refuse(text);
    for (int size = from; size < to; size *= 2) result.sizes.push_back(size);
    result.sizes.push_back(to);
    return result;
  }
  std::istringstream parts(values + ",");
  for (std::string part; std::getline(parts, part, ',');) result.sizes.push_back(size_of(part, text));
  return result;
}

std::vector<ShapedCase> add_shapes(const Lab& lab, const Filter& filter, const std::vector<AxisSizes>& shapes) {
  if (filter.ops.empty()) throw std::invalid_argument("--shape: expected --op too, which says what has these axes");
  std::vector<ShapedCase> cases;
  for (const std::unique_ptr<LabOp>& op : lab.ops) {
    if (std::find(filter.ops.begin(), filter.ops.end(), op->name()) == filter.ops.end()) continue;
    const std::vector<std::vector<int>> sizes = sizes_of(*op, shapes);
    std::vector<std::size_t> at(sizes.size());
    do {
      ShapedCase one{op.get(), 0, {}};
      std::vector<int> chosen;
      for (std::size_t i = 0; i < at.size(); ++i) {
        chosen.push_back(sizes[i][at[i]]);
        one.sizes.emplace_back(op->axes()[i].name, chosen.back());
      }
      one.number = op->add_shape(chosen);
      cases.push_back(std::move(one));
    } while (advance(at, sizes));
  }
  return cases;
}

}  // namespace duel::lab
