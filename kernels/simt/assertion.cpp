// assert() in a kernel: what the C library calls where it fails. The program's function comes before the library's.
#include <dlfcn.h>

#include <cassert>
#include <cstdlib>
#include <string>

#include "kernels/simt/block_runner.h"

extern "C" void __assert_fail(const char* assertion, const char* file, unsigned line, const char* function) noexcept {
  if (simt::BlockRunner::current()) {
    simt::stop_kernel(cudaErrorAssert, "assertion `" + std::string(assertion) + "' failed: " + file + ":" +
                                           std::to_string(line) + ", in " + (function ? function : "a kernel"));
  }
  const auto of_library = reinterpret_cast<decltype(&__assert_fail)>(dlsym(RTLD_NEXT, "__assert_fail"));
  if (of_library) of_library(assertion, file, line, function);
  std::abort();
}
