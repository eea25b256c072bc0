#include "kernels/external/library_seal.h"

#include "kernels/external/sha256.h"

namespace duel {
namespace {

constexpr std::size_t kDigits = 64;

}  // namespace

std::string sealed_library(std::string bytes) {
  bytes += sha256(bytes);
  return bytes;
}

bool is_sealed_library(std::string_view bytes) {
  if (bytes.size() <= kDigits) return false;
  const std::size_t end = bytes.size() - kDigits;
  return sha256(bytes.substr(0, end)) == bytes.substr(end);
}

}  // namespace duel
