// Safetensors files as inputs.
#pragma once

#include <string>

#include "engine/io/safetensors.h"

namespace duel::fuzz {

/// The bytes of the file that write_safetensors() makes of `content`.
std::string file_bytes(const TensorFile& content);

/// The same file as other programs would write it: without the seal, which refuses every change that a fuzzer makes.
std::string without_seal(const std::string& file);

/// Such a file with its header's JSON in one line, then the tensors' bytes: a fuzzer can change the header without
/// minding its length, and people can read it.
std::string with_header_line(const std::string& file);
/// The inverse, for any text.
std::string from_header_line(const std::string& text);

}  // namespace duel::fuzz
