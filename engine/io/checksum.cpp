#include "engine/io/checksum.h"

#define XXH_INLINE_ALL  // the header holds it all: nothing to link
#include <fmt/core.h>
#include <xxhash.h>

namespace duel {

std::string checksum(std::span<const std::byte> bytes) {
  return fmt::format("{:016x}", XXH3_64bits(bytes.data(), bytes.size()));
}

}  // namespace duel
