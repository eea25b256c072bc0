// Checksums that tell whether content is the same; not who wrote it.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace duel {

/// XXH3 with 64 bits, as 16 hexadecimal digits (xxhsum -H3 prints the same). About as fast as memory is read.
std::string checksum(std::span<const std::byte> bytes);

}  // namespace duel
