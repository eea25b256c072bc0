#include "python/module/kernel_files.h"

#include <dlfcn.h>
#include <pybind11/pybind11.h>

#include <sstream>

#include "kernels/external/external_kernels.h"
#include "python/module/call.h"

namespace duel::python {
namespace {

/// What kernel files are bound to: Python loads modules so that nobody else sees their symbols.
void show_symbols() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&kernels_of), &info) == 0 ||
      dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL) == nullptr) {
    throw std::runtime_error("the module's own symbols cannot be shown to kernel files: " + std::string(dlerror()));
  }
}

/// Adds the variants of these files.
void compile(const std::vector<std::filesystem::path>& files, KernelSelection& kernels) {
  show_symbols();
  std::ostringstream messages;
  without_lock([&] {
    for (const auto& file : files) add_external_kernels(kernels, std::filesystem::absolute(file), messages);
  });
  if (!messages.str().empty()) py::module_::import("sys").attr("stderr").attr("write")(messages.str());
}

}  // namespace

KernelSelection kernels_of(const std::vector<std::filesystem::path>& files, const std::vector<std::string>& choices) {
  KernelSelection kernels;
  if (!files.empty()) compile(files, kernels);
  for (const std::string& choice : choices) kernels.choose(choice);
  return kernels;
}

}  // namespace duel::python
