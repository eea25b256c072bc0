// A folder that others see whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "files/descriptor.h"
#include "files/removal_on_signal.h"

namespace duel {

/// A folder with a temporary name (temporary.h) beside its own, to be filled and then kept. Removed with all that is in
/// it on destruction unless it was kept, and where a signal ends the process. Its own name may be that of an empty
/// folder, or of a link to one. An empty folder that cannot be replaced by another (the process's current one, which
/// its shell would lose, and one where a file system is mounted) is filled in one go instead.
class NewFolder {
 public:
  /// `option`: what named it, for messages. What killed processes left of it is removed, and what is missing above it
  /// is made. Throws std::invalid_argument where something is there already that is no empty folder, std::system_error
  /// where it cannot be made.
  NewFolder(std::string option, std::filesystem::path folder);
  ~NewFolder();
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  const std::filesystem::path& path() const { return temporary_; }  ///< where to put its files meanwhile
  /// Gives it its name. Throws std::invalid_argument where something appeared there meanwhile, else std::system_error.
  void keep();

 private:
  void move_content();

  std::string option_;
  std::filesystem::path name_;  ///< as it was given
  std::filesystem::path folder_, temporary_;
  bool is_filled_ = false;  ///< and not replaced
  Descriptor descriptor_;   ///< says that the temporary is needed
  std::optional<RemovalOnSignal> removal_;
};

}  // namespace duel
