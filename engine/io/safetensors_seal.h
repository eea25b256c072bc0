// The seal of a safetensors file: checksums in its metadata, by which every flipped bit is noticed. Other programs see
// two more texts. Used by safetensors.cpp only.
//   "seal_header":  checksum (engine/io/checksum.h) of the header's text without padding, with zeros for its digits
//   "seal_tensors": such a sum of every tensor's bytes, in file order, with a space after each
// Either text demands the other: what makes one of the names another name leaves a file with half a seal.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/safetensors_header.h"

namespace duel::safetensors {

inline constexpr std::string_view kHeaderSealKey = "seal_header";
inline constexpr std::string_view kTensorSealKey = "seal_tensors";

/// The header of `content` with its seal, padded as format_header() does.
std::string format_sealed_header(const TensorFile& content);

/// Takes the seal out of the metadata of a header that was read from `text` (without padding), and checks the header
/// by it. Complains about damage. Returns the checksums of the tensors in file order; nothing where the file has no
/// seal.
std::optional<std::vector<std::string>> take_seal(Header& header, const std::string& text, const Complaint& complain);

/// Complains unless `tensor` has that checksum.
void check_tensor(const Tensor& tensor, const std::string& expected, const Complaint& complain);

}  // namespace duel::safetensors
