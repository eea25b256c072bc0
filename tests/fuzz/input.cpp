#include "tests/fuzz/input.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace duel::fuzz {

MemoryFile::MemoryFile(std::string_view content) : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)) {
  if (descriptor_ < 0) broken_promise("memfd_create failed");
  while (!content.empty()) {
    const ssize_t written = write(descriptor_, content.data(), content.size());
    if (written <= 0) broken_promise("a file in memory takes no bytes");
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  path_ = "/proc/self/fd/" + std::to_string(descriptor_);
}

MemoryFile::~MemoryFile() {
  close(descriptor_);
}

std::map<std::string, std::string> files_in(Input input) {
  constexpr std::string_view kMark = "== ";
  std::map<std::string, std::string> files;
  std::string* current = nullptr;
  const std::string text = as_text(input);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string line = text.substr(at, end - at);
    at = end;
    if (line.starts_with(kMark)) {
      current = &files[line.substr(kMark.size(), line.find('\n') - kMark.size())];
    } else if (current != nullptr) {
      *current += line;
    }
  }
  return files;
}

void broken_promise(const std::string& what) {
  throw std::logic_error("broken promise: " + what);
}

}  // namespace duel::fuzz
