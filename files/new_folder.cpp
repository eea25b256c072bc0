#include "files/new_folder.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>
#include <utility>

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

bool is_free(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(folder, error);
  if (status.type() == fs::file_type::not_found) return true;
  return fs::is_directory(status) && fs::is_empty(folder, error) && !error;
}

}  // namespace

NewFolder::NewFolder(std::string option, fs::path folder)
    : option_(std::move(option)), folder_(without_end_slash(std::move(folder))) {
  check_folder_name(option_, folder_.has_parent_path() ? folder_.parent_path() : ".");
  if (!is_free(folder_)) {
    throw std::invalid_argument(option_ + ": expected a new name or an empty folder, found " + in_quotes(folder_) +
                                ", where something is; name another one, or remove it");
  }
  const fs::path parent = folder_.has_parent_path() ? folder_.parent_path() : ".";
  make_folders(parent);
  remove_leftovers(parent, folder_.filename().string() + ".");
  do temporary_ = temporary_name(folder_);
  while (!make_folder(temporary_));
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
  if (std::rename(temporary_.c_str(), folder_.c_str()) != 0) {
    const int error = errno;
    if (!is_free(folder_)) {
      throw std::invalid_argument(option_ + ": something appeared at " + in_quotes(folder_) +
                                  " meanwhile; name another folder");
    }
    throw std::system_error(error, std::generic_category(), "cannot rename a folder to " + in_quotes(folder_));
  }
  temporary_.clear();
  flush_folder(folder_.has_parent_path() ? folder_.parent_path() : ".");
}

}  // namespace duel
