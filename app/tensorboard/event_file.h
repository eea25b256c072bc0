// Event files for TensorBoard in a run folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <span>
#include <string>

#include "engine/io/png.h"

namespace duel::app {

/// Throws UsageError where the build cannot write them.
void require_event_files();

/// Removes from the event files of a run what has a greater step, and what a killed process left half-written at their
/// ends. Without the library nothing is changed. Throws std::system_error.
void cut_event_files(const std::filesystem::path& run_folder, std::int64_t last_step);

/// A new event file in a run folder. From any thread. All throw std::system_error where the disk refuses.
class EventFile {
 public:
  /// What other files have after `last_step` counts no more.
  EventFile(const std::filesystem::path& run_folder, std::int64_t last_step);

  const std::filesystem::path& path() const { return path_; }
  /// Values that are not finite are shown as such.
  void add_scalars(std::int64_t step, const std::map<std::string, double>& values);
  void add_picture(std::int64_t step, const std::string& tag, const Picture& picture);
  /// Nothing where no value is finite.
  void add_histogram(std::int64_t step, const std::string& tag, std::span<const float> values);
  /// What was added is on its way to the disk after this.
  void flush();

 private:
  void write(const std::string& event);
  void check() const;

  std::filesystem::path path_;
  std::mutex mutex_;
  std::ofstream out_;  ///< guarded by mutex_
};

}  // namespace duel::app
