// A place for programs that run while their operations on files fail: a dataset, a cache, and what they write.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "engine/io/safetensors.h"
#include "tests/apps/faults/faulted_program.h"
#include "tests/apps/faults/file_faults_of.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/content.h"
#include "tests/support/text.h"

namespace duel::test {

namespace fs = std::filesystem;

enum class Cache { may_fail, counts };

class FaultPlace {
 public:
  /// Where the cache counts, what programs write there is part of their results.
  explicit FaultPlace(Cache cache = Cache::may_fail) : cache_(cache) {
    for (const char* folder : {"data", "cache", "out"}) fs::create_directory(path() / folder);
    write_images("train", 64);
    write_images("t10k", 64);
  }

  const fs::path& path() const { return folder_.path(); }
  fs::path out() const { return path() / "out"; }
  void clear() const {
    fs::remove_all(out());
    fs::create_directory(out());
    if (cache_ == Cache::counts) fs::remove_all(path() / "cache");
  }

  ProgramEnd run(const std::vector<std::string>& command, const std::string& faults) const {
    return run_with_faults(path(), command, faults);
  }

  /// The files that programs wrote, with what in them tells neither of time nor of files elsewhere: tensors, pictures,
  /// settings and looks, of statistics and results the number of lines. A log has warnings, too, and a report leaves
  /// out what it cannot read and says so: of them only the names count.
  std::map<std::string, std::string> result() const {
    std::map<std::string, std::string> files;
    if (cache_ == Cache::counts && fs::exists(path() / "cache" / "duel" / "kernels.json")) files["cache"];
    for (const auto& entry : fs::recursive_directory_iterator(out())) {
      const std::string ending = entry.path().extension().string();
      if (entry.is_directory() || ending == ".tmp") continue;
      std::string& content = files[entry.path().lexically_relative(out()).string()];
      if (ending == ".txt" || ending == ".html") continue;
      if (ending == ".safetensors") {
        for (const Tensor& tensor : read_safetensors(entry.path()).tensors) {
          content += tensor.name;
          content.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
        }
        continue;
      }
      content = content_of(entry.path());
      const bool has_times = ending == ".json" || entry.path().filename() == "stats.jsonl";
      if (has_times) content = std::to_string(std::count(content.begin(), content.end(), '\n')) + " lines";
    }
    return files;
  }

  /// What only crashes may leave, and only to the next run.
  std::vector<fs::path> left_over() const {
    std::vector<fs::path> names;
    for (const char* folder : {"out", "cache"}) {
      if (!fs::exists(path() / folder)) continue;
      for (const auto& entry : fs::recursive_directory_iterator(path() / folder)) {
        if (entry.path().extension() == ".tmp") names.push_back(entry.path());
      }
    }
    return names;
  }

  /// What is wrong with any checkpoint; "" where nothing is.
  std::string damaged_checkpoint() const {
    for (const auto& entry : fs::recursive_directory_iterator(out())) {
      if (entry.path().extension() != ".safetensors") continue;
      try {
        read_safetensors(entry.path());
      } catch (const DataError& error) {
        return error.what();
      }
    }
    return "";
  }

 private:
  void write_images(const std::string& split, int count) const {
    constexpr int kSize = 4, kClasses = 3;
    const auto file = [&](const char* kind) {
      return std::ofstream(path() / "data" / (split + "-" + kind + "-ubyte"), std::ios::binary);
    };
    std::ofstream images = file("images-idx3"), labels = file("labels-idx1");
    const char image_header[] = {0, 0, 8, 3, 0, 0, 0, static_cast<char>(count), 0, 0, 0, kSize, 0, 0, 0, kSize};
    const char label_header[] = {0, 0, 8, 1, 0, 0, 0, static_cast<char>(count)};
    images.write(image_header, sizeof image_header);
    labels.write(label_header, sizeof label_header);
    for (int i = 0; i < count * kSize * kSize; ++i) images.put(static_cast<char>(i * i % 251));
    for (int i = 0; i < count; ++i) labels.put(static_cast<char>(i % kClasses));
  }

  Cache cache_;
  TemporaryFolder folder_;
};

/// "x" for "x.123-4.tmp".
inline std::string without_temporary_ending(const std::string& name) {
  return name.ends_with(".tmp") ? name.substr(0, name.rfind('.', name.size() - 5)) : name;
}

inline bool is_read_by_programs(const FaultPlace& place, const std::string& path) {
  const std::string name =
      fs::path(path).is_absolute() ? fs::path(path).lexically_relative(place.path()).string() : path;
  return name.starts_with("data") || name == "input.safetensors";
}

/// What people call the file of an operation.
inline std::string name_for_people(const FaultPlace& place, const FileOperation& operation) {
  if (operation.path == (place.path() / "said.out").string()) return "standard output";
  return without_temporary_ending(fs::path(operation.path).filename().string());
}

/// What is wrong with the end of a program in which an operation failed; "" where nothing is: it either did all that it
/// does without faults, as `expected` has it, or ended with the exit code of the disk (of bad data, where that cannot
/// be read), naming file and reason. It left whole checkpoints and nothing temporary, except what could not be removed.
inline std::string complaint(const FaultPlace& place, const ProgramEnd& end, const FileFault& fault,
                             const std::map<std::string, std::string>& expected) {
  if (end.was_late) return "it hangs";
  if (end.signal != 0) return "signal " + std::to_string(end.signal);
  if (const std::string damage = place.damaged_checkpoint(); !damage.empty()) return damage;
  const auto any_failed = [&end](auto is_so) {
    return std::any_of(end.operations.begin(), end.operations.end(), is_so);
  };
  const bool cannot_remove =
      any_failed([](const FileOperation& one) { return one.name == "remove" || one.name.starts_with("unlink"); });
  if (!cannot_remove && !place.left_over().empty()) return "left over: " + place.left_over().front().string();
  // What the system tells of itself only describes the device.
  const bool is_description = any_failed([](const FileOperation& one) { return one.path.starts_with("/proc/"); });
  if (end.exit_code == 0 && is_description) return "";
  // Pictures go beside those that cannot be looked at.
  if (end.exit_code == 0 && contains(end.error, "and stays; these are")) return "";
  if (end.exit_code == 0) return place.result() == expected ? "" : "exit code 0, but something is missing";
  const auto is_input = [&](const FileOperation& one) { return is_read_by_programs(place, one.path); };
  const bool is_right = end.exit_code == 6 || (end.exit_code == 3 && any_failed(is_input));
  if (!is_right) return "exit code " + std::to_string(end.exit_code);
  if (any_failed([](const FileOperation& one) { return one.path.ends_with("said.error"); }))
    return "";  // nothing is said
  // A C++ stream forgets why it could not write.
  const bool is_forgotten = any_failed([](const FileOperation& one) { return one.path.ends_with("said.out"); });
  const std::string reason = std::strerror(fault.error);
  if (!is_forgotten && !contains(end.error, reason)) return "the message does not say " + reason;
  const bool is_named =
      any_failed([&](const FileOperation& one) { return contains(end.error, name_for_people(place, one)); });
  return is_named ? "" : "the message does not name the file";
}

}  // namespace duel::test
