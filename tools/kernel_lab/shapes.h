// Shapes of one's own for `kernel_lab bench`: sizes along the axes of an op.
#pragma once

#include <string>
#include <vector>

#include "tools/kernel_lab/lab.h"

namespace duel::lab {

/// "batch=64,128" or "batch=32..1024", which doubles: the sizes to take along an axis.
struct AxisSizes {
  std::string axis;
  std::vector<int> sizes;
};

/// Throws std::invalid_argument that says what was expected and found.
AxisSizes parse_axis_sizes(const std::string& text);

/// A case of an op that was added for a shape.
struct ShapedCase {
  const LabOp* op;
  std::size_t number;
  std::vector<std::pair<std::string, int>> sizes;  ///< by axis
};

/// Adds to every op of the filter a case for every combination of the sizes; axes that nobody names have their usual
/// size. Throws std::invalid_argument where the filter names no op, an op lacks an axis, or refuses a shape.
std::vector<ShapedCase> add_shapes(const Lab& lab, const Filter& filter, const std::vector<AxisSizes>& shapes);

}  // namespace duel::lab
