// Which images a training saw, as its checkpoints remember them: so that nobody takes others for them unawares.
#pragma once

#include <string>
#include <vector>

#include "engine/io/idx.h"

namespace duel {

struct DataIdentity {
  std::string name;  ///< of the dataset, for people
  int count = 0, height = 0, width = 0, channels = 1;
  std::string checksum;  ///< of the pixels, uncompressed, in the order of the set (engine/io/checksum.h)

  bool operator==(const DataIdentity&) const = default;
};

/// Of all images of the set; labels do not matter.
DataIdentity identity_of(const ImageSet& images);

/// "" where `images` are those of `trained_on`, or begin with them: a training may have seen the first ones only. Else
/// what either is: "trained on 'mnist', ...; the images here are 'fashion-mnist', ...". Names do not matter.
std::string explain_other_images(const DataIdentity& trained_on, const ImageSet& images);

/// The entry of a checkpoint's metadata that holds the identity as JSON.
inline constexpr const char* kDatasetKey = "dataset";
std::string to_json(const DataIdentity& identity);
/// The inverse. Throws DataError where the text is not what to_json() writes.
DataIdentity data_identity_from_json(const std::string& text);

/// The entry that holds the names of the classes that both networks read, as a JSON list.
inline constexpr const char* kClassesKey = "classes";
std::string class_names_json(const std::vector<std::string>& names);
/// The inverse. Throws DataError where the text is no list of so many names.
std::vector<std::string> class_names_from_json(const std::string& text, int classes);

}  // namespace duel
