#include "kernels/simt/checked/shared_layout.h"

#include <algorithm>
#include <limits>

#include "kernels/simt/kernel_name.h"

namespace simt {
namespace {

// A variable of a function is called _ZZ<function>E<variable>: does it belong to that function (without "_Z")?
bool belongs_to(const std::string& variable, const std::string& function) {
  return !function.empty() && variable.find("Z" + function + "E") != std::string::npos;
}

// Kernels are called so in this project; those with other names are known once they were launched.
bool is_of_some_kernel(const std::string& demangled) {
  return demangled.find("_kernel(") != std::string::npos || demangled.find("_kernel<") != std::string::npos;
}

}  // namespace

SharedLayout::SharedLayout() : variables_(1) {
  for (SharedSymbol& variable : shared_symbols()) variables_.push_back(std::move(variable));
  if (variables_.size() == 1 || variables_.size() > std::numeric_limits<std::uint16_t>::max()) return;
  for (std::size_t i = 1; i < variables_.size(); ++i) {
    const auto [name, begin, bytes] = variables_[i];
    if (owner_.size() < begin + bytes) owner_.resize(begin + bytes);
    std::fill_n(owner_.begin() + static_cast<std::ptrdiff_t>(begin), bytes, static_cast<std::uint16_t>(i));
  }
}

void SharedLayout::begin_kernel(const void* kernel) {
  const auto [name, is_new] = functions_.try_emplace(kernel);
  if (is_new) {
    const std::string symbol = symbol_at(kernel).value_or("");
    if (symbol.starts_with("_Z")) name->second = symbol.substr(2);
    launched_.push_back(name->second);
  }
  Usable& usable = decided_[kernel];
  if (usable.launched != launched_.size()) usable = {launched_.size(), usable_by(name->second)};
  usable_ = &usable.variables;
}

std::vector<bool> SharedLayout::usable_by(const std::string& function) const {
  std::vector<bool> usable(variables_.size(), true);
  for (std::size_t i = 1; i < variables_.size() && !function.empty(); ++i) {
    const std::string& variable = variables_[i].name;
    if (belongs_to(variable, function)) continue;
    usable[i] = !is_of_some_kernel(demangled_symbol(variable)) &&
                std::none_of(launched_.begin(), launched_.end(),
                             [&](const std::string& other) { return belongs_to(variable, other); });
  }
  return usable;
}

std::string SharedLayout::describe(std::size_t offset) const {
  const std::uint16_t variable = offset < owner_.size() ? owner_[offset] : 0;
  if (variable == 0) return "no variable";
  return "'" + demangled_symbol(variables_[variable].name) + "', " + std::to_string(variables_[variable].bytes) +
         " bytes";
}

std::string SharedLayout::describe_end_before(std::size_t offset) const {
  const SharedSymbol* last = nullptr;
  for (std::size_t i = 1; i < variables_.size(); ++i) {
    const std::size_t end = variables_[i].begin + variables_[i].bytes;
    if ((*usable_)[i] && end <= offset && (!last || end > last->begin + last->bytes)) last = &variables_[i];
  }
  if (!last) return "";
  return std::to_string(offset - last->begin - last->bytes) + " bytes after the end of '" +
         demangled_symbol(last->name) + "' (" + std::to_string(last->bytes) + " bytes)";
}

}  // namespace simt
