// The records of an event file: length, checksum, bytes, checksum, as TensorFlow's TFRecord files have them
// (tensorflow.org/tutorials/load_data/tfrecord).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace duel::app {

/// CRC-32C (Castagnoli) of the bytes, RFC 3720.
std::uint32_t crc32c(std::string_view bytes);

/// The bytes of a record with that content.
std::string event_record(std::string_view content);

/// The contents of all records up to the end, or to the first that is not whole or whose checksums do not agree. They
/// are parts of `bytes`.
std::vector<std::string_view> event_contents(std::string_view bytes);

}  // namespace duel::app
