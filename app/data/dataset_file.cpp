#include "app/data/dataset_file.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "engine/io/data_error.h"
#include "engine/io/input_file.h"
#include "engine/io/json_text.h"
#include "files/atomic_file.h"
#include "files/number_text.h"
#include "files/text.h"

namespace duel::app {
namespace {

constexpr std::uint64_t kMostBytes = 64 << 20;

}  // namespace

ClassNames read_class_names(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kDatasetFile;
  std::error_code error;
  if (std::filesystem::symlink_status(file, error).type() == std::filesystem::file_type::not_found) return {};
  return read_dataset_file(file);
}

ClassNames read_dataset_file(const std::filesystem::path& file) {
  InputFile input(file);
  const std::vector<std::uint8_t> bytes = input.read_all(kMostBytes);
  const auto refuse = [&](const std::string& place, const std::string& found) {
    input.fail(place, R"(names of classes by label, as {"classes": {"0": "cat"}})", found,
               "Remove it: no training needs it.");
  };
  nlohmann::json json;
  try {
    json = nlohmann::json::parse(bytes.begin(), bytes.end());
  } catch (const nlohmann::json::parse_error& problem) {
    refuse(input.place(problem.byte > 0 ? problem.byte - 1 : 0), "text that is no JSON");
  }
  if (!json.is_object() || !json.contains("classes") || !json["classes"].is_object()) refuse("", "no such names");
  ClassNames classes;
  for (const auto& [key, name] : json["classes"].items()) {
    const std::optional<int> label = read_number<int>(key);
    if (!label || *label < 0 || *label > 255) refuse("", "the label " + in_quotes(key));
    if (!name.is_string()) refuse("", "a name of label " + key + " that is no text");
    classes[*label] = name.get<std::string>();
  }
  return classes;
}

std::string class_name(const ClassNames& classes, int label) {
  const auto found = classes.find(label);
  return found == classes.end() ? std::to_string(label) : found->second;
}

ClassNames names_of_labels(const ClassNames& classes, std::span<const std::uint8_t> labels) {
  ClassNames names;
  for (const std::uint8_t label : labels) names[label] = class_name(classes, label);
  return names;
}

void write_dataset_file(const std::filesystem::path& folder, const std::string& name, const ClassNames& classes,
                        const nlohmann::ordered_json& more) {
  auto names = nlohmann::ordered_json::object();
  for (const auto& [label, class_name] : classes) names[std::to_string(label)] = class_name;
  nlohmann::ordered_json json = {{"name", name}, {"classes", names}};
  for (const auto& [key, value] : more.items()) json[key] = value;
  write_file_atomically(folder / kDatasetFile, json_text(json, 2) + "\n");
}

}  // namespace duel::app
