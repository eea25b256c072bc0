#include "engine/quality/classifier_file.h"

#include <charconv>
#include <optional>
#include <span>

#include "engine/io/checksum.h"
#include "engine/io/data_identity.h"
#include "engine/io/non_finite.h"
#include "files/text.h"
#include "kernels/external/sha256.h"

namespace duel {
namespace {

constexpr char kFormat[] = "duel classifier 2";

std::string first_digits(const std::string& text, std::size_t digits) {
  return sha256(text).substr(0, digits);
}

std::string set_text(const ImageSet& set) {
  DataIdentity identity = identity_of(set);
  identity.name.clear();
  return to_json(identity) + " " + checksum(std::as_bytes(std::span(set.labels))) + "\n";
}

std::string shortest_text(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

void require_entry(const std::filesystem::path& file, const TensorFile& content, const std::string& key,
                   const std::string& expected) {
  const auto found = content.metadata.find(key);
  if (found != content.metadata.end() && found->second == expected) return;
  throw DataError(in_quotes(file) + ": expected " + key + " " + in_quotes(expected) + ", found " +
                  (found == content.metadata.end() ? "none" : in_quotes(found->second)) +
                  "; the file is of another classifier or version, and may be removed");
}

/// Nothing where the metadata hold no share.
std::optional<double> find_accuracy(const TensorFile& file) {
  const auto found = file.metadata.find("test_accuracy");
  if (found == file.metadata.end()) return std::nullopt;
  const std::string& text = found->second;
  double accuracy = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), accuracy);
  const bool is_share = error == std::errc() && end == text.data() + text.size() && accuracy >= 0 && accuracy <= 1;
  return is_share ? std::optional(accuracy) : std::nullopt;
}

}  // namespace

std::string ClassifierSource::file_name() const {
  return first_digits(recipe + "\n" + data, 32) + ".safetensors";
}

std::string dataset_hash(const ImageSet& train, const ImageSet& test) {
  return first_digits(set_text(train) + set_text(test), 32);
}

std::string weights_hash(const TensorFile& file) {
  std::string text;
  for (const Tensor& tensor : file.tensors) {
    text += tensor.name;
    for (const std::int64_t extent : tensor.shape) text += " " + std::to_string(extent);
    text += "\n" + std::string(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  }
  return first_digits(text, 16);
}

void describe_classifier(TensorFile& file, const ClassifierSource& source, double test_accuracy) {
  file.metadata = {{"format", kFormat},
                   {"recipe", source.recipe},
                   {"data", source.data},
                   {"test_accuracy", shortest_text(test_accuracy)}};
}

TensorFile read_classifier(const std::filesystem::path& file, const ClassifierSource& source) {
  TensorFile content = read_safetensors(file);
  require_entry(file, content, "format", kFormat);
  require_entry(file, content, "recipe", source.recipe);
  require_entry(file, content, "data", source.data);
  if (const auto bad = find_non_finite(content)) {
    throw DataError(in_quotes(file) + ": expected finite weights, found that " + *bad + "; the file may be removed");
  }
  if (!find_accuracy(content)) {
    throw DataError(in_quotes(file) + ": expected test_accuracy from 0 to 1; the file may be removed");
  }
  return content;
}

double test_accuracy_of(const TensorFile& file) {
  return find_accuracy(file).value();
}

}  // namespace duel
