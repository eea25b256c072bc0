#include "engine/io/data_identity.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "engine/io/checksum.h"
#include "engine/io/json_text.h"
#include "files/text.h"

namespace duel {
namespace {

std::string checksum_of_first(const ImageSet& images, int count) {
  const std::size_t bytes = std::size_t{1} * count * images.height * images.width * images.channels;
  return checksum(std::as_bytes(std::span(images.pixels)).first(std::min(bytes, images.pixels.size())));
}

std::string text_of(const DataIdentity& identity) {
  return in_quotes(identity.name) + ", " + std::to_string(identity.count) + " images of " +
         std::to_string(identity.height) + "x" + std::to_string(identity.width) + "x" +
         std::to_string(identity.channels) + " with checksum " + identity.checksum;
}

}  // namespace

DataIdentity identity_of(const ImageSet& images) {
  return {images.name,  images.count,    images.height,
          images.width, images.channels, checksum_of_first(images, images.count)};
}

std::string explain_other_images(const DataIdentity& trained_on, const ImageSet& images) {
  const bool same_size = images.height == trained_on.height && images.width == trained_on.width &&
                         images.channels == trained_on.channels && images.count >= trained_on.count;
  if (same_size && checksum_of_first(images, trained_on.count) == trained_on.checksum) return "";
  return "trained on " + text_of(trained_on) + "; the images here are " + text_of(identity_of(images));
}

std::string to_json(const DataIdentity& identity) {
  const nlohmann::ordered_json json = {{"name", identity.name},         {"images", identity.count},
                                       {"height", identity.height},     {"width", identity.width},
                                       {"channels", identity.channels}, {"checksum", "xxh3:" + identity.checksum}};
  return json_text(json);  // a folder's name may not be UTF-8
}

DataIdentity data_identity_from_json(const std::string& text) {
  const std::string algorithm = "xxh3:";
  try {
    const auto json = nlohmann::json::parse(text);
    const auto positive = [&](const char* key) {
      const auto& value = json.at(key);
      if (!value.is_number_unsigned() || value == 0 || value > 0x7fffffffU) throw DataError(key);
      return value.get<int>();
    };
    DataIdentity identity{json.at("name").get<std::string>(),
                          positive("images"),
                          positive("height"),
                          positive("width"),
                          positive("channels"),
                          json.at("checksum").get<std::string>()};
    if (!identity.checksum.starts_with(algorithm)) throw DataError("checksum");
    identity.checksum.erase(0, algorithm.size());
    return identity;
  } catch (const std::exception& error) {  // of the parser, of a value's type, or one of the above
    throw DataError("metadata " + in_quotes(kDatasetKey) +
                    ": expected name, images, height, width, channels and checksum of a dataset, found " +
                    excerpt(text) + " (" + error.what() + ")");
  }
}

std::string class_names_json(const std::vector<std::string>& names) {
  return json_text(nlohmann::ordered_json(names));
}

std::vector<std::string> class_names_from_json(const std::string& text, int classes) {
  const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  const bool are_names = json.is_array() && json.size() == static_cast<std::size_t>(classes) &&
                         std::all_of(json.begin(), json.end(), [](const auto& name) { return name.is_string(); });
  if (are_names) return json.get<std::vector<std::string>>();
  throw DataError("names of classes in JSON: expected a list of " + std::to_string(classes) + " texts, found " +
                  excerpt(text));
}

}  // namespace duel
