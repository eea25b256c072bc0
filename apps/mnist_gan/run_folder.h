// The folder that holds everything one training run leaves behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "apps/mnist_gan/run_outcome.h"
#include "engine/io/safetensors.h"

namespace duel::app {

/// `parent`/00007-name with
///   config.toml, kernels.json, outcome.json, log.txt, stats.jsonl, convergence.jsonl, reals.png, report.html,
///   samples/000400.png       after 400 iterations, from the same latents every time
///   images/400.png           blog preset: the published script's pictures, under its names
///   checkpoints/000938.safetensors and the link latest.safetensors
class RunFolder {
 public:
  /// Makes a new folder under the next free number; never touches an existing one, however many processes ask at
  /// once. Makes `parent` too where it is missing. Throws std::system_error.
  static RunFolder create(const std::filesystem::path& parent, const std::string& name);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path stats_file() const { return path_ / "stats.jsonl"; }
  std::filesystem::path convergence_file() const { return path_ / "convergence.jsonl"; }
  std::filesystem::path reals_file() const { return path_ / "reals.png"; }
  std::filesystem::path sample_file(std::int64_t iterations) const;  ///< `iterations`: done so far
  std::filesystem::path images_folder() const { return path_ / "images"; }
  std::filesystem::path script_picture_file(std::int64_t iteration) const;  ///< the script counts from 0
  std::filesystem::path checkpoint_file(std::int64_t iterations) const;
  std::filesystem::path latest_checkpoint() const { return path_ / "checkpoints" / "latest.safetensors"; }

  /// Writes config.toml. Throws std::system_error.
  void write_config(const std::string& text) const;
  /// Writes kernels.json. Throws std::system_error.
  void write_kernels(const std::string& text) const;
  /// Writes outcome.json. Throws std::system_error.
  void write_outcome(const RunOutcome& outcome) const;
  /// Appends a line to log.txt and flushes it. Throws std::system_error.
  void log(const std::string& line);

  /// Writes a checkpoint, lets latest.safetensors name it (a link, or a copy where there are no links) and removes the
  /// oldest ones beyond the newest `keep` (0: keep all). Whatever happens in between, latest names a whole checkpoint.
  /// Throws std::system_error.
  void save_checkpoint(std::int64_t iterations, const TensorFile& state, int keep) const;

 private:
  explicit RunFolder(std::filesystem::path path);

  std::filesystem::path path_;
  std::ofstream log_;
};

}  // namespace duel::app
