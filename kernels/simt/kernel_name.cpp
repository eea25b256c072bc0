#include "kernels/simt/kernel_name.h"

#include <cxxabi.h>
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace simt {
namespace {

// "void f<(Mode)1>(float*, int)" -> "f<(Mode)1>": templates are demangled with their result, all with parameters.
std::string without_signature(const std::string& demangled) {
  std::size_t begin = demangled.starts_with("void ") ? 5 : 0, end = demangled.size();
  if (!demangled.ends_with(')')) return demangled;
  for (int depth = 0; end-- > 0;) {
    depth += (demangled[end] == ')') - (demangled[end] == '(');
    if (depth == 0) break;
  }
  return demangled.substr(begin, end - begin);
}

}  // namespace

std::string kernel_name(const void* function) {
  Dl_info info{};
  if (dladdr(function, &info) && info.dli_sname) {
    int status = 0;
    std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status),
                                                std::free);
    return status == 0 ? without_signature(name.get()) : info.dli_sname;
  }
  char text[40];
  std::snprintf(text, sizeof text, "kernel at %p", function);
  return text;
}

}  // namespace simt
