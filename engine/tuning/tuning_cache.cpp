#include "engine/tuning/tuning_cache.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "engine/io/checksum.h"
#include "engine/io/json_text.h"
#include "files/atomic_file.h"
#include "files/cache_folder.h"
#include "files/file_lock.h"
#include "files/folders.h"
#include "files/temporary.h"
#include "files/text.h"

namespace duel {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr char kFileFormat[] = "duel kernel choices 1";
constexpr std::size_t kLargestFile = 4 << 20;  // bytes

/// Of the entries as JSON without spaces: what they say, however it is laid out.
std::string checksum_of(const Json& entries) {
  const std::string text = json_text(entries);
  return checksum(std::as_bytes(std::span(text)));
}

// ---- reading ----

class CacheReader {
 public:
  explicit CacheReader(const fs::path& file) : file_(file) {}

  std::vector<TuningEntry> read() const {
    Json json = parse(content());
    const std::string sum = take_checksum(json);
    require_keys(json, "the file", {"format", "entries"});
    if (json["format"] != kFileFormat) refuse("format", json_text(Json(kFileFormat)), json_text(json["format"]));
    if (!json["entries"].is_array()) refuse("entries", "a list", json["entries"].type_name());
    std::vector<TuningEntry> entries;
    for (const Json& one : json["entries"]) {
      TuningEntry entry = read_entry(one, "entry " + std::to_string(entries.size() + 1));
      for (const TuningEntry& earlier : entries) {
        if (earlier.key == entry.key) refuse("entries", "every key once", "one of " + entry.key.device + " twice");
      }
      entries.push_back(std::move(entry));
    }
    const std::string expected = checksum_of(json["entries"]);
    if (!sum.empty() && sum != expected) refuse("checksum", expected, sum);
    return entries;
  }

 private:
  [[noreturn]] void refuse(const std::string& place, const std::string& expected, const std::string& found) const {
    throw DataError(file_.string() + ": " + place + ": expected " + expected + ", found " + excerpt(found) +
                    ". Remove the file, and run kernel_lab tune to make a new one.");
  }

  std::string content() const {
    std::error_code error;
    const fs::file_status status = fs::status(file_, error);
    if (error) refuse("the file", "to read it", error.message());
    if (!fs::is_regular_file(status)) refuse("the file", "a regular file", "something else");
    std::ifstream input(file_, std::ios::binary);
    std::string text(kLargestFile + 1, '\0');
    input.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!input.is_open() || input.bad()) refuse("the file", "to read it", std::generic_category().message(errno));
    text.resize(static_cast<std::size_t>(input.gcount()));
    if (text.size() > kLargestFile) refuse("the file", "at most 4 MiB", "more");
    return text;
  }

  Json parse(const std::string& text) const {
    std::vector<std::set<std::string>> keys;  // of the objects that are open: nlohmann keeps the last of two equal ones
    const auto look_for_duplicates = [&](int, nlohmann::json::parse_event_t event, Json& parsed) {
      using Event = nlohmann::json::parse_event_t;
      if (event == Event::object_start) keys.emplace_back();
      if (event == Event::object_end) keys.pop_back();
      if (event == Event::key && !keys.back().insert(parsed.get<std::string>()).second) {
        refuse("key " + json_text(parsed), "every key once", "two");
      }
      return true;
    };
    try {
      return Json::parse(text, look_for_duplicates);
    } catch (const Json::exception& error) {
      refuse("the file", "JSON", error.what());
    }
  }

  /// Files of earlier versions have none.
  std::string take_checksum(Json& json) const {
    if (!json.is_object() || !json.contains("checksum")) return "";
    std::string sum = text_of(json, "checksum", "the file");
    json.erase("checksum");
    return sum;
  }

  void require_keys(const Json& json, const std::string& place, const std::set<std::string>& names) const {
    if (!json.is_object()) refuse(place, "an object", json.type_name());
    for (const std::string& name : names) {
      if (!json.contains(name)) refuse(place, "the key " + in_quotes(name), "none");
    }
    for (const auto& [name, value] : json.items()) {
      if (!names.contains(name)) refuse(place, "no other keys", in_quotes(name));
    }
  }

  std::string text_of(const Json& json, const char* name, const std::string& place) const {
    const Json& value = json[name];
    const bool is_text = value.is_string() && !value.get_ref<const std::string&>().empty();
    if (!is_text) refuse(place + ", key " + in_quotes(name), "text", json_text(value));
    return value.get<std::string>();
  }

  TuningEntry read_entry(const Json& json, const std::string& place) const {
    require_keys(json, place, {"device", "driver", "runtime", "compiler", "kernels", "choices"});
    const auto text = [&](const char* name) { return text_of(json, name, place); };
    TuningEntry entry{{text("device"), text("driver"), text("runtime"), text("compiler"), text("kernels")}, {}};
    if (!json["choices"].is_array()) refuse(place + ", choices", "a list", json["choices"].type_name());
    std::set<std::pair<std::string, std::string>> cases;
    for (const Json& one : json["choices"]) {
      const std::string here = place + ", choice " + std::to_string(entry.kernels.size() + 1);
      entry.kernels.push_back(read_choice(one, here));
      const TunedKernel& tuned = entry.kernels.back();
      if (!cases.insert({tuned.op, tuned.shapes}).second) refuse(here, "every op and shapes once", "them again");
    }
    return entry;
  }

  TunedKernel read_choice(const Json& json, const std::string& place) const {
    require_keys(json, place, {"op", "shapes", "variant", "seconds", "measured"});
    const auto text = [&](const char* name) { return text_of(json, name, place); };
    TunedKernel tuned{text("op"), text("shapes"), text("variant"), 0, text("measured")};
    const Json& seconds = json["seconds"];
    if (seconds.is_number()) tuned.seconds = seconds.get<double>();
    if (!(tuned.seconds > 0 && std::isfinite(tuned.seconds))) {
      refuse(place + ", key 'seconds'", "a time above 0", json_text(seconds));
    }
    return tuned;
  }

  const fs::path& file_;
};

// ---- writing ----

std::string to_text(const std::vector<TuningEntry>& entries) {
  Json list = Json::array();
  for (const TuningEntry& entry : entries) {
    Json choices = Json::array();
    for (const TunedKernel& tuned : entry.kernels) {
      choices.push_back({{"op", tuned.op},
                         {"shapes", tuned.shapes},
                         {"variant", tuned.variant},
                         {"seconds", tuned.seconds},
                         {"measured", tuned.measured}});
    }
    const TuningKey& key = entry.key;
    list.push_back({{"device", key.device},
                    {"driver", key.driver},
                    {"runtime", key.runtime},
                    {"compiler", key.compiler},
                    {"kernels", key.kernels},
                    {"choices", std::move(choices)}});
  }
  const std::string sum = checksum_of(list);
  const Json json = {{"format", kFileFormat}, {"checksum", sum}, {"entries", std::move(list)}};
  return json_text(json, 1) + "\n";
}

void merge(std::vector<TuningEntry>& entries, const TuningKey& key, std::span<const TunedKernel> kernels) {
  std::erase_if(entries, [&](const TuningEntry& entry) {
    return entry.key != key && entry.key.device == key.device && entry.key.compiler == key.compiler;
  });
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.key == key; });
  TuningEntry& mine = found != entries.end() ? *found : entries.emplace_back(TuningEntry{key, {}});
  for (const TunedKernel& tuned : kernels) {
    std::erase_if(mine.kernels, [&](const auto& old) { return old.op == tuned.op && old.shapes == tuned.shapes; });
    mine.kernels.push_back(tuned);
  }
}

/// Gives what is in the file's place another name; a folder cannot have that of a file which was put aside before.
fs::path put_aside(const fs::path& file) {
  constexpr int kTries = 10;
  std::error_code error;
  for (int number = 1; number <= kTries; ++number) {
    const fs::path aside = file.string() + ".bad" + (number > 1 ? std::to_string(number) : "");
    fs::rename(file, aside, error);
    if (!error) return aside;
  }
  throw fs::filesystem_error("cannot put a cache aside that is not understood", file, error);
}

}  // namespace

std::optional<fs::path> tuning_cache_file() {
  const std::optional<fs::path> folder = cache_folder();
  if (!folder) return std::nullopt;
  return *folder / "kernels.json";
}

std::vector<TuningEntry> read_tuning_cache(const fs::path& file) {
  std::error_code error;
  if (fs::status(file, error).type() == fs::file_type::not_found) return {};
  return CacheReader(file).read();
}

std::string update_tuning_cache(const fs::path& file, const TuningKey& key, std::span<const TunedKernel> kernels) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  make_folders(folder);
  const FileLock lock = FileLock::wait_for(folder);
  remove_leftovers(folder, file.filename().native());
  std::string message;
  std::vector<TuningEntry> entries;
  try {
    entries = read_tuning_cache(file);
  } catch (const DataError& error) {
    const fs::path aside = put_aside(file);
    message = "the old cache was not understood and is now " + aside.string() + " (" + error.what() + ")";
  }
  merge(entries, key, kernels);
  write_file_atomically(file, to_text(entries));
  return message;
}

std::string prefer_tuned(KernelSelection& selection, const fs::path& file, const TuningKey& key) {
  try {
    for (const TuningEntry& entry : read_tuning_cache(file)) {
      if (entry.key != key) continue;
      for (const TunedKernel& tuned : entry.kernels) selection.prefer(tuned.op, tuned.shapes, tuned.variant);
    }
    return "";
  } catch (const std::exception& error) {
    return std::string("tuned kernels are not used: ") + error.what();
  }
}

}  // namespace duel
