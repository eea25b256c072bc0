#include "kernels/external/external_kernels.h"

#include <dlfcn.h>

#include "kernels/catalog.h"
#include "kernels/external/kernel_file.h"
#include "kernels/external/library.h"
#include "kernels/external/library_build.h"
#include "kernels/external/library_seal.h"
#include "kernels/external/sha256.h"
#include "kernels/runtime/foreign_call.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/shared_memory.h"
#endif

namespace duel {
namespace {

namespace fs = std::filesystem;

// Asked before anything opens it: a FIFO would wait for its writer.
void require_regular(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (fs::is_regular_file(status)) return;
  const std::string name = file.empty() ? "a kernel file without a name" : file.string();
  std::string found = " is not a file";
  if (error) found = " cannot be read (" + error.message() + ")";
  if (status.type() == fs::file_type::not_found) {
    std::error_code ignored;
    const bool is_link = fs::is_symlink(fs::symlink_status(file, ignored));
    found = is_link ? " is a symbolic link to a file that does not exist" : " does not exist";
  }
  throw KernelFileError(name + found + "; expected a kernel file (.cu)");
}

// Never closed: kernels stay callable for as long as the program runs.
void* open_library(const fs::path& file, const fs::path& library) {
  void* handle = nullptr;
  call_foreign({"a static initialiser", file.c_str()},
               [&] { handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE); });
  if (handle) return handle;
  const char* const reason = dlerror();
  throw KernelFileError(file.string() + " cannot be loaded: " + (reason ? reason : "no reason was given") +
                        ". Expected a library that was compiled from a .cu file by this build; give the .cu file");
}

void require_abi(const fs::path& file, void* library) {
  const auto* const abi = static_cast<const char*>(dlsym(library, "duel_kernel_abi"));
  if (abi && abi == kernel_abi()) return;
  throw KernelFileError(file.string() + (abi ? " was compiled by another build" : " is no library of kernels") +
                        "; expected a library that was compiled from a .cu file by this build; give the .cu file");
}

#ifdef DUEL_CPU_DEVICE
void announce_shared_variables(void* library) {
  simt::add_shared_variables(
      reinterpret_cast<decltype(&duel_shared_variables)>(dlsym(library, "duel_shared_variables")));
}
#endif

std::vector<std::string> variants_of(const KernelSelection& kernels) {
  std::vector<std::string> names;
  for_each_op([&](const auto& op) {
    for (const auto& variant : kernels.variants(op)) names.push_back(std::string(op.name) + "=" + variant.name);
  });
  return names;
}

// Those of `all` that are not in `before`, which has the same order.
std::vector<std::string> without(const std::vector<std::string>& all, const std::vector<std::string>& before) {
  std::vector<std::string> rest;
  auto next = before.begin();
  for (const std::string& name : all) {
    if (next != before.end() && name == *next) {
      ++next;
    } else {
      rest.push_back(name);
    }
  }
  return rest;
}

// Lets the library add to a copy, so that nothing changes where it fails.
std::vector<std::string> add_variants(KernelSelection& kernels, const fs::path& file, void* library) {
  const auto add = reinterpret_cast<decltype(&duel_add_kernels)>(dlsym(library, "duel_add_kernels"));
  if (!add) {
    throw KernelFileError(file.string() + " does not define duel_add_kernels; expected in it\n" +
                          "  extern \"C\" void duel_add_kernels(duel::KernelSelection& kernels) { ... }");
  }
  KernelSelection extended = kernels;
  call_foreign({"duel_add_kernels", file.c_str()}, [&] { add(extended); });
  std::vector<std::string> added = without(variants_of(extended), variants_of(kernels));
  if (added.empty()) {
    throw KernelFileError(file.string() + ": duel_add_kernels adds no variant; expected kernels.add(op, variant)");
  }
  kernels = std::move(extended);
  return added;
}

}  // namespace

ExternalKernels add_external_kernels(KernelSelection& kernels, const fs::path& file, std::ostream& messages) {
  ExternalKernels result;
  require_regular(file);
  result.file = fs::absolute(file).lexically_normal();
  const std::string bytes = read_kernel_file(result.file);
  result.sha256 = sha256(bytes);
  fs::path library = result.file;
  BuiltLibrary built;
  if (library.extension() == ".cu") {
    built = build_library(result.file, messages);
    library = built.path;
    result.is_compiled = built.is_compiled;
  } else if (library.extension() != ".so") {
    throw KernelFileError(file.string() + " is neither a kernel file (.cu) nor a library made of one (.so)");
  } else if (!is_sealed_library(bytes)) {
    throw KernelFileError(file.string() + " is damaged, or no library that was compiled from a .cu file; " +
                          "give the .cu file");
  }
  try {
    void* const handle = open_library(result.file, library);
    require_abi(result.file, handle);
#ifdef DUEL_CPU_DEVICE
    announce_shared_variables(handle);
#endif
    result.added = add_variants(kernels, result.file, handle);
  } catch (const ForeignCodeError& error) {
    throw KernelFileError(error.what());
  }
  return result;
}

}  // namespace duel
