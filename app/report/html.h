// Text and bytes for a page of HTML.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace duel::app {

/// `text` such that HTML, also within an attribute's quotes, shows it as it is; control characters are left out.
std::string escape_html(const std::string& text);

/// RFC 4648.
std::string base64(std::span<const char> bytes);

/// A number for people, about three significant digits: "0.612", "12.3", "−1.39"; from 1000 on as whole_number(); a
/// dash where it is not finite.
std::string short_text(double value);

/// A whole number for people, "18,760"; from 10^15 on as short_text().
std::string whole_number(double value);

/// A coordinate of a drawing: one decimal.
std::string coordinate(double value);

}  // namespace duel::app
