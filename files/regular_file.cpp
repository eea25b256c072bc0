#include "files/regular_file.h"

#include <fstream>
#include <sstream>
#include <system_error>

namespace duel {

std::optional<std::string> read_regular_file(const std::filesystem::path& file, std::uintmax_t most) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return std::nullopt;
  const std::uintmax_t size = std::filesystem::file_size(file, ignored);
  if (size > most) return std::nullopt;
  std::ifstream input(file, std::ios::binary);
  std::ostringstream content;
  content << input.rdbuf();
  const bool is_empty = input.is_open() && !input.bad() && size == 0;
  if (is_empty) return "";  // of which the stream says that nothing could be inserted
  if (!input || !content) return std::nullopt;
  return content.str();
}

std::optional<std::string> beginning_of_regular_file(const std::filesystem::path& file, std::size_t most) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return std::nullopt;
  std::ifstream input(file, std::ios::binary);
  if (!input) return std::nullopt;
  std::string bytes(most, '\0');
  input.read(bytes.data(), static_cast<std::streamsize>(most));
  bytes.resize(static_cast<std::size_t>(input.gcount()));
  return bytes;
}

}  // namespace duel
