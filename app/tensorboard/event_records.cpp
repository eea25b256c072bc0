#include "app/tensorboard/event_records.h"

#include <array>
#include <cstddef>

namespace duel::app {
namespace {

constexpr std::size_t kLength = 8, kChecksum = 4;

constexpr std::array<std::uint32_t, 256> kTable = [] {
  constexpr std::uint32_t kPolynomial = 0x82f63b78;  // reflected
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    table[byte] = byte;
    for (int bit = 0; bit < 8; ++bit) table[byte] = table[byte] >> 1 ^ (table[byte] & 1 ? kPolynomial : 0);
  }
  return table;
}();

/// As TFRecord files have it: the checksum of bytes that hold checksums themselves would be weak.
std::uint32_t masked_checksum(std::string_view bytes) {
  const std::uint32_t sum = crc32c(bytes);
  return (sum >> 15 | sum << 17) + 0xa282ead8;
}

/// Little-endian.
std::string bytes_of(std::uint64_t value, std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(value >> 8 * i);
  return bytes;
}
std::uint64_t number_of(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << 8 * i;
  return value;
}

/// Takes `count` bytes from the front; none where there are fewer.
std::string_view take(std::string_view& bytes, std::uint64_t count) {
  if (count > bytes.size()) return {};
  const std::string_view taken = bytes.substr(0, count);
  bytes.remove_prefix(count);
  return taken;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t sum = ~std::uint32_t{0};
  for (const char byte : bytes) sum = sum >> 8 ^ kTable[(sum ^ static_cast<unsigned char>(byte)) & 0xff];
  return ~sum;
}

std::string event_record(std::string_view content) {
  const std::string length = bytes_of(content.size(), kLength);
  std::string record = length + bytes_of(masked_checksum(length), kChecksum);
  record.append(content);
  return record + bytes_of(masked_checksum(content), kChecksum);
}

std::vector<std::string_view> event_contents(std::string_view bytes) {
  std::vector<std::string_view> contents;
  while (!bytes.empty()) {
    const std::string_view length = take(bytes, kLength), sum = take(bytes, kChecksum);
    if (sum.empty() || number_of(sum) != masked_checksum(length)) break;
    const std::uint64_t size = number_of(length);
    if (size > bytes.size()) break;
    const std::string_view content = take(bytes, size), content_sum = take(bytes, kChecksum);
    if (content_sum.empty() || number_of(content_sum) != masked_checksum(content)) break;
    contents.push_back(content);
  }
  return contents;
}

}  // namespace duel::app
