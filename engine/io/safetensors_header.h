// The JSON header of a safetensors file, apart from the bytes around it. Used by safetensors.cpp only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/io/safetensors.h"

namespace duel::safetensors {

inline constexpr std::uint64_t kPrefixBytes = 8;               ///< the header's length, before the header
inline constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  ///< the format's own limit
inline constexpr std::string_view kMetadataKey = "__metadata__";
inline constexpr std::string_view kDamaged =
    "The file is damaged or not safetensors: write it again or use another copy.";

/// Throws DataError: "FILE: PLACE: expected EXPECTED, found FOUND. MEND".
class Complaint {
 public:
  explicit Complaint(std::filesystem::path file) : file_(std::move(file)) {}

  [[noreturn]] void operator()(const std::string& place, std::string_view expected, const std::string& found,
                               std::string_view mend = kDamaged) const;

 private:
  std::filesystem::path file_;
};

/// Where one tensor lies; bytes are counted from the end of the header.
struct Entry {
  std::string name;
  DType type = DType::f32;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;
  std::size_t rank = 0;  ///< its place in the header
};

struct Header {
  std::map<std::string, std::string> metadata;
  std::vector<Entry> entries;
};

/// Parses the JSON `text`, which begins with '{' and has no padding. The entries come in file order and cover
/// 0..data_bytes exactly. Complains otherwise.
Header parse_header(const std::string& text, std::uint64_t data_bytes, const Complaint& complain);

/// The JSON for a file's content, padded with spaces so that the data begin at a multiple of 8. The same content gives
/// the same bytes. Throws std::invalid_argument where a name or metadata are not UTF-8.
std::string format_header(const std::map<std::string, std::string>& metadata, const std::vector<Tensor>& tensors);

}  // namespace duel::safetensors
