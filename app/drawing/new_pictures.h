// The pictures that a command draws into a folder, where pictures of other commands may lie.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/settings/training_program.h"
#include "engine/io/png.h"
#include "engine/networks/generator.h"

namespace duel::app {

/// Pictures whose names begin alike, written together. None takes the place of another picture: where a file of one of
/// these names holds something else (drawn from another checkpoint, or with other weights, statistics, range or
/// columns), all get a name with "_" and a checksum of their contents after what is alike, and standard error says so.
class NewPictures {
 public:
  /// Makes the folder. Throws std::system_error where it takes no files.
  /// `scale`: pixels of a picture for each pixel of an image, a side.
  /// `ending`: of the first file, for that message.
  NewPictures(const TrainingProgram& program, const std::filesystem::path& folder, std::string name, int scale = 1,
              const std::string& ending = ".png");

  /// A grid of images, to be called folder / (name + ending).
  void add(const std::string& ending, const FloatImages& images, int columns, PixelRange range);

  /// A file with these bytes instead.
  void add(const std::string& ending, std::vector<std::byte> bytes);

  /// Returns the paths, in the order in which they were added. Throws std::system_error.
  std::vector<std::filesystem::path> write() const;

 private:
  struct Encoded {
    std::string ending;
    std::vector<std::byte> bytes;
  };
  bool can_be_called(const std::string& name) const;
  std::string other_name() const;

  const TrainingProgram& program_;
  std::filesystem::path folder_;
  std::string name_;
  int scale_;
  std::vector<Encoded> pictures_;
};

}  // namespace duel::app
