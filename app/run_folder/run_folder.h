// The folder that holds everything one training run leaves behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "app/run_folder/checkpoint_folder.h"
#include "app/run_folder/log_lines.h"
#include "app/run_folder/run_outcome.h"
#include "files/file_lock.h"

namespace duel::app {

/// `parent`/00007-name with
///   config.toml, kernels.json, outcome.json, log.txt, stats.jsonl or stats.csv, convergence.jsonl, reals.png,
///   report.html
///   dataset.json                      where classes are counted: their names, in the order of class_shares
///   samples/000400.png                after 400 iterations, from the same latents every time
///   images/400.png                    blog preset: the published script's pictures, under its names
///   checkpoints/000938.safetensors    and the link latest.safetensors
class RunFolder {
 public:
  /// Makes a new folder under the next free number; never touches an existing one, however many processes ask at
  /// once. Makes `parent` too where it is missing. Throws std::system_error.
  static RunFolder create(const std::filesystem::path& parent, const std::string& name);
  /// Leaves nothing behind. Throws std::system_error where create() would fail for want of a place to write.
  static void require_parent(const std::filesystem::path& parent);

  /// The folder of a run that goes on; what a process that was killed left half-written is removed. Throws
  /// std::system_error, UsageError where another process is training in it, and DataError where one of its files is
  /// none.
  static RunFolder open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path stats_file(LogFormat format) const { return app::stats_file(path_, format); }
  std::filesystem::path convergence_file() const { return path_ / "convergence.jsonl"; }
  std::filesystem::path reals_file() const { return path_ / "reals.png"; }
  std::filesystem::path sample_file(std::int64_t iterations) const;  ///< `iterations`: done so far
  std::filesystem::path samples_folder() const { return path_ / "samples"; }
  std::filesystem::path images_folder() const { return path_ / "images"; }
  std::filesystem::path script_picture_file(std::int64_t iteration) const;  ///< the script counts from 0
  CheckpointFolder checkpoints() const { return CheckpointFolder(path_ / "checkpoints"); }

  /// Writes config.toml. Throws std::system_error.
  void write_config(const std::string& text) const;
  /// Writes kernels.json. Throws std::system_error.
  void write_kernels(const std::string& text) const;
  /// Writes outcome.json, with this build's version and the time when its folder was first written to. Throws
  /// std::system_error.
  void write_outcome(RunOutcome outcome) const;
  /// Appends a line to log.txt and flushes it. Throws std::system_error.
  void log(const std::string& line);

  /// Flushes log.txt and the other logs to disk. Throws std::system_error.
  void flush_logs() const;

 private:
  explicit RunFolder(std::filesystem::path path);
  void check_log() const;

  std::filesystem::path path_;
  std::ofstream log_;
  std::optional<FileLock> lock_;  ///< on log.txt: one process at a time trains in the folder
};

}  // namespace duel::app
