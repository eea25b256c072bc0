#include "kernels/external/library_cache.h"

#include <ostream>
#include <system_error>

#include "files/atomic_file.h"
#include "files/cache_folder.h"
#include "files/folders.h"
#include "files/temporary.h"
#include "kernels/external/dependencies.h"
#include "kernels/external/external_kernels.h"
#include "kernels/external/library_build.h"
#include "kernels/external/library_seal.h"
#include "kernels/external/sha256.h"

namespace duel {
namespace {

namespace fs = std::filesystem;

/// No folder or pipe in its place, and nothing that may not be looked at.
bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

bool is_whole_library(const fs::path& file) {
  try {
    return is_sealed_library(read_kernel_file(file));
  } catch (const KernelFileError&) {  // a disk that fails, other permissions
    return false;
  }
}

}  // namespace

std::string library_name(const std::string& key, const std::vector<fs::path>& inputs) {
  std::string text = key;
  for (const fs::path& input : inputs) {
    if (!is_file(input)) return "";
    text += "\n" + sha256(read_kernel_file(input));
  }
  return sha256(text) + ".so";
}

LibraryCache::LibraryCache(std::ostream& messages) : messages_(messages) {
  const auto cache = cache_folder();
  if (!cache) {
    messages_ << "compiled kernel files are not kept: there is no place for them; set XDG_CACHE_HOME to a folder"
              << std::endl;
    return;
  }
  try {
    make_folders(*cache / "external");
    folder_ = *cache / "external";
    remove_leftovers(folder_);
  } catch (const std::system_error& error) {
    messages_ << "compiled kernel files are not kept: " << error.what() << std::endl;
  }
}

fs::path LibraryCache::inputs_file(const std::string& key) const {
  return folder_ / (key + ".inputs");
}

std::optional<fs::path> LibraryCache::find(const std::string& key) const {
  if (folder_.empty() || !is_file(inputs_file(key))) return std::nullopt;
  std::string name;
  try {
    name = library_name(key, read_inputs(inputs_file(key)));
  } catch (const KernelFileError&) {  // an input that cannot be read: the compiler will say so
  }
  if (name.empty() || !is_file(folder_ / name)) return std::nullopt;
  if (is_whole_library(folder_ / name)) return folder_ / name;
  messages_ << (folder_ / name).string() << " is damaged and is made again" << std::endl;
  return std::nullopt;
}

std::optional<fs::path> LibraryCache::keep(const std::string& key, const std::vector<fs::path>& inputs,
                                           const std::string& bytes) const {
  if (folder_.empty()) return std::nullopt;
  const fs::path file = folder_ / library_name(key, inputs);
  try {
    write_file_atomically(file, sealed_library(bytes));
    write_file_atomically(inputs_file(key), text_of_inputs(inputs));
    return file;
  } catch (const std::system_error& error) {
    messages_ << "the compiled kernel file is not kept for the next time: " << error.what() << std::endl;
    return std::nullopt;
  }
}

}  // namespace duel
