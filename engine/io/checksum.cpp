#include "engine/io/checksum.h"

#define XXH_INLINE_ALL  // the header holds it all: nothing to link
#include <xxhash.h>

#include <cstdio>

namespace duel {

std::string checksum(std::span<const std::byte> bytes) {
  char digits[17];
  const auto sum = static_cast<unsigned long long>(XXH3_64bits(bytes.data(), bytes.size()));
  std::snprintf(digits, sizeof digits, "%016llx", sum);
  return digits;
}

}  // namespace duel
