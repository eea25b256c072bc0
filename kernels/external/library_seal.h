// The end of a compiled library's file: a hash of what is before it. The dynamic loader maps a file that was cut off
// without complaint, and the program dies where it reaches what is missing.
#pragma once

#include <string>
#include <string_view>

namespace duel {

/// The library with its hash after it; the loader does not look at what lies there.
std::string sealed_library(std::string bytes);

/// Whether these are the bytes of a whole file that sealed_library() made.
bool is_sealed_library(std::string_view bytes);

}  // namespace duel
