#include "kernels/simt/kernel_name.h"

#include <cxxabi.h>
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace simt {

std::string kernel_name(const void* function) {
  Dl_info info{};
  if (dladdr(function, &info) && info.dli_sname) {
    int status = 0;
    std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status),
                                                std::free);
    std::string text = status == 0 ? name.get() : info.dli_sname;
    return text.substr(0, text.find('('));
  }
  char text[40];
  std::snprintf(text, sizeof text, "kernel at %p", function);
  return text;
}

}  // namespace simt
