// The checkpoints of a run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/io/safetensors.h"

namespace duel::app {

/// 000938.safetensors after 938 iterations, and latest.safetensors, which names the newest: a link, or a copy where the
/// file system has no links.
class CheckpointFolder {
 public:
  explicit CheckpointFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path file(std::int64_t iterations) const;
  std::filesystem::path latest() const { return path_ / "latest.safetensors"; }
  std::vector<std::int64_t> iterations() const;  ///< of all there are, ascending

  /// Writes a checkpoint and lets latest.safetensors name it; then removes all but the newest `keep` (0: none of them),
  /// and those that are neither the newest nor due every `interval` iterations (0: all are). Whatever happens in
  /// between, latest names a whole checkpoint. Throws std::system_error.
  void save(std::int64_t iterations, const TensorFile& state, int keep, std::int64_t interval = 0) const;
  /// Removes what is newer, so that the checkpoint after `iterations` is the latest. Returns what was removed.
  std::vector<std::int64_t> remove_beyond(std::int64_t iterations) const;
  /// Removes what save() removes: what a process that was killed behind the writing has left.
  void prune(int keep, std::int64_t interval) const;

 private:
  std::filesystem::path path_;
};

}  // namespace duel::app
