#include "apps/mnist_gan/output_file.h"

#include <span>

#include "apps/mnist_gan/exit_code.h"
#include "engine/io/atomic_file.h"

namespace duel::app {

void check_output_file(const std::string& flag, const std::filesystem::path& file) {
  if (file.empty()) return;
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  if (!std::filesystem::is_directory(folder)) {
    throw UsageError(flag + ": the folder " + folder.string() + " does not exist");
  }
  if (std::filesystem::is_directory(file))
    throw UsageError(flag + ": " + file.string() + " is a folder, expected a file");
}

void write_text(const std::filesystem::path& file, const std::string& text) {
  const std::span<const std::byte> chunk = std::as_bytes(std::span(text));
  write_file_atomically(file, {&chunk, 1});
}

}  // namespace duel::app
