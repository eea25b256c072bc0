// The header of a .npy file: a Python dictionary of three entries, as text. Used by npy.cpp only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace duel::npy {

struct Header {
  std::string descr;  ///< the type: "<f4"
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

/// Throws what is wrong at which byte of the text.
using Refuse = std::function<void(std::size_t at, const std::string& expected, const std::string& found)>;

/// Parses what Python's literals can be in such a header: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
/// with white space anywhere, and the entries in any order. `refuse` must throw.
Header parse_header(std::string_view text, const Refuse& refuse);

}  // namespace duel::npy
