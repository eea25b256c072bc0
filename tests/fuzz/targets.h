// Everything that reads bytes of unknown origin, as functions that take any input. The fuzzer calls them with inputs
// that it makes up (fuzzer.cpp), the tests with those of corpus/ (test_corpora.cpp).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace duel::fuzz {

using Input = std::span<const std::uint8_t>;

struct Target {
  const char* name;  ///< also of its folder in corpus/
  /// Reads `input`. Returns where it is understood or refused as the readers promise. Any other exception leaves it,
  /// and is a bug, as is a promise that is not kept (broken_promise()).
  void (*run)(Input input);
  /// Inputs to begin with that are made rather than kept: they follow the format that the build writes. Perhaps none.
  std::vector<std::string> (*seeds)();
};

/// Those of this build, by name.
std::span<const Target> targets();

}  // namespace duel::fuzz
