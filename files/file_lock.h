// Locks between processes that end with the process that holds them, however it ends.
#pragma once

#include <filesystem>
#include <optional>

#include "files/descriptor.h"

namespace duel {

/// A lock on a file or folder, which is neither changed nor made. Where the file system knows no locks, everybody gets
/// it. The lock of a file that is renamed or removed goes with it.
class FileLock {
 public:
  /// Waits for it. Throws std::system_error where the path cannot be opened.
  static FileLock wait_for(const std::filesystem::path& path);
  /// Nothing where another process, or another object of this one, has it. Throws std::system_error.
  static std::optional<FileLock> try_for(const std::filesystem::path& path);
  /// Whether somebody has it, another object of this process included. Throws std::system_error where the path cannot
  /// be opened.
  static bool is_held(const std::filesystem::path& path);

 private:
  explicit FileLock(const std::filesystem::path& path);
  bool lock(int operation) const;

  Descriptor descriptor_;
};

}  // namespace duel
