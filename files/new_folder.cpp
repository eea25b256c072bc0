#include "files/new_folder.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "files/atomic_file.h"
#include "files/folders.h"
#include "files/temporary.h"
#include "files/text.h"

namespace duel {
namespace {

namespace fs = std::filesystem;

fs::path without_end_slash(fs::path folder) {
  return folder.has_filename() || !folder.has_relative_path() ? folder : folder.parent_path();
}

bool is_free(const fs::path& folder, const fs::path& but = {}) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(folder, error);
  if (status.type() == fs::file_type::not_found) return true;
  if (!fs::is_directory(status)) return false;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().filename() != but.filename()) return false;
  }
  return !error;
}

/// The folder that a link points at, as long as it is one.
fs::path behind_links(const fs::path& folder) {
  std::error_code error;
  return fs::is_directory(folder, error) ? fs::canonical(folder) : folder;
}

fs::path folder_above(const fs::path& folder) {
  return folder.has_parent_path() ? folder.parent_path() : ".";
}

/// Whether another folder can get its name.
bool can_be_replaced(const fs::path& folder) {
  struct stat own {
  }, above{};
  std::error_code error;
  if (::stat(folder.c_str(), &own) != 0) return true;
  if (fs::equivalent(folder, ".", error)) return false;
  return ::stat(folder_above(folder).c_str(), &above) == 0 && own.st_dev == above.st_dev;
}

}  // namespace

NewFolder::NewFolder(std::string option, fs::path folder)
    : option_(std::move(option)), name_(std::move(folder)), folder_(behind_links(without_end_slash(name_))) {
  check_folder_name(option_, folder_above(folder_));
  is_filled_ = !can_be_replaced(folder_);
  const std::string beginning = folder_.filename().string();
  if (is_filled_) remove_leftovers(folder_, beginning + ".");
  if (!is_free(folder_)) {
    throw std::invalid_argument(option_ + ": expected a new name or an empty folder, found " + in_quotes(name_) +
                                ", where something is; name another one, or remove it");
  }
  const fs::path place = is_filled_ ? folder_ : folder_above(folder_);
  make_folders(place);
  remove_leftovers(place, beginning + ".");
  do temporary_ = temporary_name(place / beginning);
  while (!make_folder(temporary_));
  removal_.emplace(temporary_);
  descriptor_ =
      Descriptor(without_interruption([&] { return ::open(temporary_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (descriptor_) hold_temporary(descriptor_);
}

NewFolder::~NewFolder() {
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
}

void NewFolder::keep() {
  flush_folder(temporary_);
  const bool was_free = is_free(folder_, is_filled_ ? temporary_ : fs::path());
  if (was_free && is_filled_) {
    move_content();
  } else if (!was_free || std::rename(temporary_.c_str(), folder_.c_str()) != 0) {
    const int error = errno;
    if (!was_free || !is_free(folder_)) {
      throw std::invalid_argument(option_ + ": something appeared at " + in_quotes(name_) +
                                  " meanwhile; name another folder");
    }
    throw std::system_error(error, std::generic_category(), "cannot rename a folder to " + in_quotes(folder_));
  }
  temporary_.clear();
  flush_folder(is_filled_ ? folder_ : folder_above(folder_));
  removal_.reset();
}

void NewFolder::move_content() {
  std::vector<fs::path> moved;
  for (const fs::directory_entry& entry : entries_of(temporary_)) {
    const fs::path target = folder_ / entry.path().filename();
    if (std::rename(entry.path().c_str(), target.c_str()) == 0) {
      moved.push_back(target);
      continue;
    }
    const int error = errno;
    std::error_code ignored;
    for (const fs::path& file : moved) fs::rename(file, temporary_ / file.filename(), ignored);
    throw std::system_error(error, std::generic_category(), "cannot move a file to " + in_quotes(target));
  }
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

}  // namespace duel
