// A folder that others see whole or not at all.
#pragma once

#include <filesystem>
#include <string>

#include "files/descriptor.h"

namespace duel {

/// A folder with a temporary name (temporary.h) beside its own, to be filled and then kept. Removed with all that is in
/// it on destruction unless it was kept.
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
  std::string option_;
  std::filesystem::path folder_, temporary_;
  Descriptor descriptor_;  ///< says that the temporary is needed
};

}  // namespace duel
