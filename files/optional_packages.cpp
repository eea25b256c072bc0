#include "files/optional_packages.h"

#include <algorithm>
#include <stdexcept>

#include "duel_has.h"

namespace duel {

const std::vector<OptionalPackage>& optional_packages() {
  static const std::vector<OptionalPackage> packages = {
#include "optional_packages.inc"
  };
  return packages;
}

std::string without_package(const std::string& what, const std::string& name) {
  const std::vector<OptionalPackage>& all = optional_packages();
  const auto found = std::find_if(all.begin(), all.end(), [&](const OptionalPackage& one) { return one.name == name; });
  if (found == all.end()) throw std::logic_error("no optional library is called " + name);
  return what + " needs a library that this build is without (DUEL_WITH_" + name +
         "); as root, please run: apt-get install " + found->packages + "; then build again: tools/build.sh " +
         DUEL_DEVICE_NAME;
}

}  // namespace duel
