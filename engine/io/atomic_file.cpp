#include "engine/io/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

namespace duel {
namespace {

constexpr const char* kOldFileStands = "; nothing has changed under this name; check the folder, permissions and space";

[[noreturn]] void fail(int error, const std::filesystem::path& file, const std::string& step,
                       const char* state = kOldFileStands) {
  throw std::system_error(error, std::generic_category(),
                          "cannot write '" + file.string() + "' (" + step + state + ")");
}

/// Calls `function` until a signal no longer interrupts it.
template <typename Function>
auto without_interruption(Function function) {
  auto result = function();
  while (result == -1 && errno == EINTR) result = function();
  return result;
}

/// Owns a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int number() const { return number_; }
  /// Closes now, so that an error of a delayed write is seen. Never repeated: Linux frees the number even on EINTR.
  bool close() { return ::close(std::exchange(number_, -1)) == 0 || errno == EINTR; }

 private:
  int number_;
};

/// The temporary beside the target; removed on destruction unless it has been renamed.
class Temporary {
 public:
  explicit Temporary(const std::filesystem::path& target) : target_(target), descriptor_(create()) {}
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
    if (without_interruption([&] { return ::fsync(descriptor_.number()); }) != 0) {
      fail(errno, target_, "flushing the temporary file to disk");
    }
    if (!descriptor_.close()) fail(errno, target_, "closing the temporary file");
    if (std::rename(name_.c_str(), target_.c_str()) != 0) fail(errno, target_, "renaming the temporary file");
    renamed_ = true;
  }

 private:
  int create() {
    static std::atomic<unsigned> count{0};  // two threads may write beside each other
    for (;;) {
      name_ = target_;
      name_ += "." + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".tmp";
      const int number =
          without_interruption([&] { return ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
      if (number >= 0) return number;
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
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  // Opened first: a folder that cannot be flushed is an error while the old file still stands.
  const Descriptor folder_descriptor(
      without_interruption([&] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (folder_descriptor.number() < 0) fail(errno, file, "opening its folder");

  Temporary temporary(file);
  for (const auto chunk : chunks) temporary.append(chunk);
  temporary.rename_to_target();

  // EINVAL: this file system keeps no folder to flush (some network mounts).
  if (without_interruption([&] { return ::fsync(folder_descriptor.number()); }) != 0 && errno != EINVAL) {
    fail(errno, file, "flushing its folder to disk", "; the new file is in place, but a power cut may undo it");
  }
}

}  // namespace duel
