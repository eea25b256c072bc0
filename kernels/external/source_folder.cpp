#include "kernels/external/source_folder.h"

#include <dlfcn.h>

#include "kernel_build.h"

/// Of a program of another project, by duel_accept_external_kernels(): the headers of the Duel that it was built with.
extern "C" __attribute__((weak)) const char* const duel_installed_headers;

namespace duel {
namespace {

namespace fs = std::filesystem;

fs::path installed_folder() {
  if (&duel_installed_headers != nullptr) return duel_installed_headers;
  std::error_code ignored;
  fs::path places[2] = {fs::read_symlink("/proc/self/exe", ignored), {}};
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&source_folder), &info) != 0 && info.dli_fname) {
    places[1] = fs::weakly_canonical(info.dli_fname, ignored);  // of a module, that a foreign program has loaded
  }
  for (const fs::path& place : places) {
    const fs::path folder = place.parent_path();
    for (const fs::path& candidate : {folder.parent_path() / "include/duel", folder / "include/duel"}) {
      if (fs::exists(candidate / "kernels/external/library.cpp", ignored)) return candidate;
    }
  }
  return {};
}

}  // namespace

fs::path source_folder() {
  static const fs::path installed = installed_folder();
  return installed.empty() ? fs::path(kSourceFolder) : installed;
}

std::string with_source_folder(const std::string& option) {
  const std::string generated = std::string("-I") + kBuildFolder + "/generated";
  const std::string sources = std::string("-I") + kSourceFolder;
  if (source_folder() == kSourceFolder) return option;
  if (option == generated) return "-I" + source_folder().string();
  if (option.starts_with(sources)) return "-I" + source_folder().string() + option.substr(sources.size());
  return option;
}

}  // namespace duel
