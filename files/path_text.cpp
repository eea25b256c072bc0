#include "files/path_text.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "files/text.h"

namespace duel {
namespace {

constexpr std::string_view kScheme = "file://";

/// What a URL has as it is: RFC 3986's unreserved characters, and '/' between the names.
bool is_plain(char c) {
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return is_letter || (c != '\0' && std::strchr("-._~/", c) != nullptr);
}

[[noreturn]] void refuse(const std::string& text) {
  throw std::invalid_argument("expected a path, or file:///PATH with %XX for a byte, found " + in_quotes(text));
}

}  // namespace

std::string path_text(const std::filesystem::path& path) {
  const std::string& bytes = path.native();
  if (bytes.starts_with(kScheme)) return "./" + bytes;
  if (valid_utf8(bytes) == bytes) return bytes;
  std::string url(kScheme);
  const std::filesystem::path absolute = std::filesystem::absolute(path);
  for (const char c : absolute.native()) {
    char code[8];
    std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    url += is_plain(c) ? std::string(1, c) : code;
  }
  return url;
}

std::filesystem::path path_of_text(const std::string& text) {
  if (!text.starts_with(kScheme)) return text;
  std::string bytes;
  for (const char* at = text.data() + kScheme.size(); *at != '\0'; ++at) {
    char byte = *at;
    if (byte == '%') {
      unsigned char code = 0;
      const char* const end = at + std::min<std::size_t>(3, std::strlen(at));
      if (std::from_chars(at + 1, end, code, 16).ptr != at + 3 || code == 0) refuse(text);
      byte = static_cast<char>(code);
      at += 2;
    }
    bytes += byte;
  }
  if (!bytes.starts_with("/")) refuse(text);
  return bytes;
}

std::string shell_path(const std::filesystem::path& path) {
  const std::string bytes = path.string();
  return shell_word((bytes.starts_with('-') ? "./" : "") + bytes);
}

}  // namespace duel
