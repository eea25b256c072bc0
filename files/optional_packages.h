// Libraries that a build may be without. The table is cmake/optional_packages.txt; the generated duel_has.h
// defines DUEL_HAS_<NAME> as 0 or 1 for files that use one.
#pragma once

#include <string>
#include <vector>

namespace duel {

struct OptionalPackage {
  std::string name;      ///< as in the option DUEL_WITH_<NAME>
  std::string packages;  ///< of Debian, between spaces
  std::string purpose;   ///< what needs it
  bool built_in;
};

const std::vector<OptionalPackage>& optional_packages();

/// What to say where `what`, such as "data fetch", needs the library `name`, which this build is without: what is
/// missing, Debian's package, how to build again. Throws std::logic_error for a name that the table lacks.
std::string without_package(const std::string& what, const std::string& name);

}  // namespace duel
