// What a dataset's folder says of itself beside its IDX files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "app/data/found_images.h"

namespace duel::app {

/// The file in a dataset's folder with the names of its classes, where it comes from and what was left out.
inline constexpr const char* kDatasetFile = "dataset.json";

/// The names of the classes by label; none where the folder has no such file. Throws DataError for a damaged one.
ClassNames read_class_names(const std::filesystem::path& folder);
/// The same of the file itself, which must be there.
ClassNames read_dataset_file(const std::filesystem::path& file);

/// The name of a class, for people: its label where it has no name.
std::string class_name(const ClassNames& classes, int label);

/// Those of these labels alone, each with a name.
ClassNames names_of_labels(const ClassNames& classes, std::span<const std::uint8_t> labels);

/// Writes the file, with `more` entries after name and classes. Throws std::system_error.
void write_dataset_file(const std::filesystem::path& folder, const std::string& name, const ClassNames& classes,
                        const nlohmann::ordered_json& more);

}  // namespace duel::app
