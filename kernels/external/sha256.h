// SHA-256, to recognise files by their content.
#pragma once

#include <string>
#include <string_view>

namespace duel {

/// 64 hexadecimal digits, as sha256sum prints them. Source: FIPS 180-4, Secure Hash Standard.
std::string sha256(std::string_view bytes);

}  // namespace duel
