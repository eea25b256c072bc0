#include "app/drawing/new_pictures.h"

#include <algorithm>
#include <fstream>
#include <span>
#include <system_error>

#include "app/drawing/pictures.h"
#include "engine/io/checksum.h"
#include "files/atomic_file.h"
#include "files/folders.h"
#include "files/temporary.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

/// Whether nothing is lost where the file is replaced by those bytes.
bool is_missing_or(const fs::path& file, const std::vector<std::byte>& bytes) {
  std::error_code error;
  if (fs::symlink_status(file, error).type() == fs::file_type::not_found) return true;
  if (!fs::is_regular_file(file, error) || fs::file_size(file, error) != bytes.size()) return false;
  std::vector<char> found(bytes.size());
  std::ifstream in(file, std::ios::binary);
  return in.read(found.data(), static_cast<std::streamsize>(found.size())) &&
         std::equal(found.begin(), found.end(), bytes.begin(), bytes.end(),
                    [](char a, std::byte b) { return static_cast<std::byte>(a) == b; });
}

}  // namespace

NewPictures::NewPictures(const TrainingProgram& program, const fs::path& folder, std::string name, int scale,
                         const std::string& ending)
    : program_(program), folder_(folder), name_(std::move(name)), scale_(scale) {
  check_folder_name("--outdir", folder_);
  make_folders(folder_);
  remove_leftovers(folder_);
  try_to_write_beside(folder_ / (name_ + ending));
}

void NewPictures::add(const std::string& ending, const FloatImages& images, int columns, PixelRange range) {
  pictures_.push_back({ending, encode_png(grid_of(images, columns, range, scale_))});
}

void NewPictures::add(const std::string& ending, std::vector<std::byte> bytes) {
  pictures_.push_back({ending, std::move(bytes)});
}

bool NewPictures::can_be_called(const std::string& name) const {
  return std::all_of(pictures_.begin(), pictures_.end(), [&](const Encoded& picture) {
    return is_missing_or(folder_ / (name + picture.ending), picture.bytes);
  });
}

std::string NewPictures::other_name() const {
  constexpr std::size_t kDigits = 8;
  std::string sums;
  for (const Encoded& picture : pictures_) sums += checksum(picture.bytes);
  return name_ + "_" + checksum(std::as_bytes(std::span(sums))).substr(0, kDigits);
}

std::vector<fs::path> NewPictures::write() const {
  std::string name = name_;
  if (!can_be_called(name)) {
    name = other_name();
    warn(program_, (folder_ / name_).string() + pictures_.front().ending +
                       " or a file beside it holds something else and stays; what is written here is called " + name);
  }
  std::vector<fs::path> files;
  for (const Encoded& picture : pictures_) {
    files.push_back(folder_ / (name + picture.ending));
    make_folders(files.back().parent_path());
    const std::span<const std::byte> chunk(picture.bytes);
    write_file_atomically(files.back(), std::span(&chunk, 1));
  }
  return files;
}

}  // namespace duel::app
