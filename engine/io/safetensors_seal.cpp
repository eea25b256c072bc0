#include "engine/io/safetensors_seal.h"

#include <utility>

#include "engine/io/checksum.h"
#include "files/text.h"

namespace duel::safetensors {
namespace {

constexpr std::size_t kDigits = 16;
constexpr std::string_view kNotAsWritten =
    "The file is damaged: use another copy, or an older checkpoint. (A program that changes such a file must leave "
    "seal_header and seal_tensors out of its metadata.)";

std::string header_place(std::string_view key) {
  return std::string(kMetadataKey) + ", key " + in_quotes(key);
}

/// Where the digits of the header's seal begin in a header's text; npos where it is not as format_header() writes it.
/// Inside of another text the quotes would be escaped.
std::size_t place_of_digits(const std::string& text) {
  const std::string before = '"' + std::string(kHeaderSealKey) + "\":\"";
  const std::size_t place = text.find(before);
  return place == std::string::npos ? place : place + before.size();
}

/// Of a header's text in which the digits at `place` count as zeros.
std::string header_checksum(std::string text, std::size_t place) {
  text.replace(place, kDigits, kDigits, '0');
  return checksum(std::as_bytes(std::span(text)));
}

std::optional<std::string> take(std::map<std::string, std::string>& metadata, std::string_view key) {
  auto node = metadata.extract(std::string(key));
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

}  // namespace

std::string format_sealed_header(const TensorFile& content) {
  std::map<std::string, std::string> metadata = content.metadata;
  std::string& sums = metadata[std::string(kTensorSealKey)];
  for (const Tensor& tensor : content.tensors) sums += checksum(tensor.bytes) + ' ';
  metadata[std::string(kHeaderSealKey)] = std::string(kDigits, '0');

  std::string text = format_header(metadata, content.tensors);
  const std::string sum = header_checksum(text.substr(0, text.find_last_not_of(' ') + 1), place_of_digits(text));
  return text.replace(place_of_digits(text), kDigits, sum);
}

std::optional<std::vector<std::string>> take_seal(Header& header, const std::string& text, const Complaint& complain) {
  const auto of_header = take(header.metadata, kHeaderSealKey), of_tensors = take(header.metadata, kTensorSealKey);
  if (!of_header && !of_tensors) return std::nullopt;
  if (!of_header || !of_tensors) {
    const std::string_view found = of_header ? kHeaderSealKey : kTensorSealKey;
    complain(std::string(kMetadataKey), "both seal_header and seal_tensors, or none", std::string(found) + " alone",
             kNotAsWritten);
  }
  const std::size_t place = place_of_digits(text);
  const bool is_whole =
      of_header->size() == kDigits && place != std::string::npos && text.compare(place, kDigits, *of_header) == 0;
  const std::string sum = is_whole ? header_checksum(text, place) : "";
  if (sum != *of_header) {
    complain(header_place(kHeaderSealKey), "the header's checksum" + (is_whole ? ' ' + sum : ""), in_quotes(*of_header),
             kNotAsWritten);
  }
  std::vector<std::string> sums;
  for (std::size_t begin = 0; begin + kDigits < of_tensors->size(); begin += kDigits + 1) {
    sums.push_back(of_tensors->substr(begin, kDigits));
  }
  if (sums.size() != header.entries.size()) {
    complain(header_place(kTensorSealKey), std::to_string(header.entries.size()) + " checksums, one for each tensor",
             std::to_string(sums.size()), kNotAsWritten);
  }
  return sums;
}

void check_tensor(const Tensor& tensor, const std::string& expected, const Complaint& complain) {
  const std::string found = checksum(tensor.bytes);
  if (found == expected) return;
  complain("tensor " + in_quotes(tensor.name), "bytes with the checksum " + expected + ", which the header names",
           "some with " + found, kNotAsWritten);
}

}  // namespace duel::safetensors
