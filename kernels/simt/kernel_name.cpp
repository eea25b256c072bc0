#include "kernels/simt/kernel_name.h"

#include <cxxabi.h>
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>

#include "kernels/simt/symbols.h"

namespace simt {

std::string without_signature(const std::string& demangled) {
  std::size_t begin = demangled.starts_with("void ") ? 5 : 0, end = demangled.size();
  if (!demangled.ends_with(')')) return demangled;
  for (int depth = 0; end-- > 0;) {
    depth += (demangled[end] == ')') - (demangled[end] == '(');
    if (depth == 0) break;
  }
  return demangled.substr(begin, end - begin);
}

namespace {

std::string demangled(const char* symbol) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(symbol, nullptr, nullptr, &status), std::free);
  return status == 0 ? without_signature(name.get()) : symbol;
}

std::string look_up(const void* function) {
  Dl_info info{};
  if (dladdr(function, &info) && info.dli_sname) return demangled(info.dli_sname);
  if (const auto symbol = symbol_at(function)) return demangled(symbol->c_str());
  char text[40];
  std::snprintf(text, sizeof text, "kernel at %p", function);
  return text;
}

}  // namespace

std::string kernel_name(const void* function) {
  static std::mutex mutex;
  static std::map<const void*, std::string> known;
  const std::lock_guard lock(mutex);
  const auto [place, is_new] = known.try_emplace(function);
  if (is_new) place->second = look_up(function);
  return place->second;
}

}  // namespace simt
