#include "files/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include "files/descriptor.h"
#include "files/temporary.h"
#include "files/text.h"

namespace duel {
namespace {

constexpr const char* kOldFileStands = "; nothing has changed under this name; check the folder, permissions and space";

[[noreturn]] void fail(int error, const std::filesystem::path& file, const std::string& step,
                       const char* state = kOldFileStands) {
  throw std::system_error(error, std::generic_category(),
                          "cannot write " + in_quotes(file) + " (" + step + state + ")");
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : ".";
}

Descriptor open_folder(const std::filesystem::path& folder, const std::filesystem::path& file) {
  Descriptor descriptor(
      without_interruption([&] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!descriptor) fail(errno, file, "opening its folder");
  return descriptor;
}

bool flush(const Descriptor& folder) {
  // EINVAL: this file system keeps no folder to flush (some network mounts).
  return without_interruption([&] { return ::fsync(folder.number()); }) == 0 || errno == EINVAL;
}

/// The temporary beside the target; removed on destruction unless it has been renamed.
class Temporary {
 public:
  explicit Temporary(const std::filesystem::path& target) : target_(target), descriptor_(create()) {
    hold_temporary(descriptor_);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (!renamed_) ::unlink(name_.c_str());
  }

  void append(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const auto written =
          without_interruption([&] { return ::write(descriptor_.number(), bytes.data(), bytes.size()); });
      if (written < 0) fail(errno, target_, "writing the temporary file");
      if (written == 0) fail(EIO, target_, "writing the temporary file: the system took no byte");
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  void rename_to_target() {
    struct stat old {};
    const bool has_old = ::lstat(target_.c_str(), &old) == 0 && S_ISREG(old.st_mode);
    if (has_old) ::fchmod(descriptor_.number(), old.st_mode & 0777);  // where that fails, a new file's will do
    if (without_interruption([&] { return ::fsync(descriptor_.number()); }) != 0) {
      fail(errno, target_, "flushing the temporary file to disk");
    }
    if (!descriptor_.close()) fail(errno, target_, "closing the temporary file");
    if (std::rename(name_.c_str(), target_.c_str()) != 0) fail(errno, target_, "renaming the temporary file");
    renamed_ = true;
  }

 private:
  Descriptor create() {
    for (;;) {
      name_ = temporary_name(target_);
      Descriptor made(
          without_interruption([&] { return ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); }));
      if (made) return made;
      // A killed process with our number may have left this name: take the next one.
      if (errno != EEXIST) fail(errno, target_, "creating a temporary file beside it");
    }
  }

  const std::filesystem::path& target_;
  std::filesystem::path name_;
  bool renamed_ = false;
  Descriptor descriptor_;
};

}  // namespace

void write_file_atomically(const std::filesystem::path& file, std::span<const std::span<const std::byte>> chunks) {
  // Opened first: a folder that cannot be flushed is an error while the old file still stands.
  const Descriptor folder = open_folder(folder_of(file), file);
  Temporary temporary(file);
  for (const auto chunk : chunks) temporary.append(chunk);
  temporary.rename_to_target();
  if (!flush(folder)) {
    fail(errno, file, "flushing its folder to disk", "; the new file is in place, but a power cut may undo it");
  }
}

void write_file_atomically(const std::filesystem::path& file, std::string_view text) {
  const std::span<const std::byte> chunk = std::as_bytes(std::span(text));
  write_file_atomically(file, {&chunk, 1});
}

void try_to_write_beside(const std::filesystem::path& file) {
  open_folder(folder_of(file), file);
  const Temporary removed_again(file);
}

void flush_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor = open_folder(folder, folder);
  if (!flush(descriptor)) throw std::system_error(errno, std::generic_category(), "cannot flush " + in_quotes(folder));
}

}  // namespace duel
