#include "app/report/html.h"

#include <fmt/core.h>
#include <openssl/evp.h>

#include <cmath>
#include <cstdint>

#include "files/text.h"

namespace duel::app {
namespace {

constexpr double kMostWhole = 1e15;  // no count of a run is larger, whatever a log says

}  // namespace

std::string escape_html(const std::string& text) {
  std::string escaped;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string base64(std::span<const char> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // with the zero after it
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), data, static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string short_text(double value) {
  constexpr double kLeast = 999.5;  // rounded, it has four digits
  const double size = std::abs(value);
  if (!std::isfinite(value)) return "–";
  const bool is_long = size >= kLeast && size < kMostWhole;
  return (value < 0 ? "−" : "") + (is_long ? whole_number(std::round(size)) : fmt::format("{:.3g}", size));
}

std::string whole_number(double value) {
  if (!(std::abs(value) < kMostWhole)) return short_text(value);
  std::string digits = std::to_string(static_cast<long long>(value));
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string coordinate(double value) {
  return fmt::format("{:.1f}", value);
}

}  // namespace duel::app
