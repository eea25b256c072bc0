#include "tests/fuzz/tensor_file.h"

#include <stdlib.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/fuzz/input.h"

namespace duel::fuzz {
namespace {

constexpr std::size_t kPrefixBytes = 8;  // the header's length

std::size_t header_bytes(const std::string& file) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < kPrefixBytes; ++i) length |= std::size_t{static_cast<unsigned char>(file.at(i))} << 8 * i;
  return length;
}

}  // namespace

std::string file_bytes(const TensorFile& content) {
  std::string folder = (std::filesystem::temp_directory_path() / "duel-fuzz-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) broken_promise("mkdtemp failed");
  const std::filesystem::path file = std::filesystem::path(folder) / "content.safetensors";
  write_safetensors(file, content);
  std::ifstream stream(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  std::filesystem::remove_all(folder);
  return bytes;
}

std::string without_seal(const std::string& file) {
  auto header = nlohmann::ordered_json::parse(file.substr(kPrefixBytes, header_bytes(file)));
  auto& metadata = header["__metadata__"];
  for (const char* key : {"seal_header", "seal_tensors"}) metadata.erase(key);
  if (metadata.empty()) header.erase("__metadata__");
  return from_header_line(header.dump() + "\n" + file.substr(kPrefixBytes + header_bytes(file)));
}

std::string with_header_line(const std::string& file) {
  const std::size_t header = header_bytes(file);
  return file.substr(kPrefixBytes, header) + "\n" + file.substr(kPrefixBytes + header);
}

std::string from_header_line(const std::string& text) {
  const std::size_t header = std::min(text.find('\n'), text.size());
  std::string file;
  for (std::size_t i = 0; i < kPrefixBytes; ++i) file += static_cast<char>(header >> 8 * i & 0xff);
  return file + text.substr(0, header) + (header < text.size() ? text.substr(header + 1) : "");
}

}  // namespace duel::fuzz
