// Where the program's __shared__ variables lie in the section that holds them all, and whose they are.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "kernels/simt/symbols.h"

namespace simt {

class SharedLayout {
 public:
  /// Of the program that runs. Empty where it was stripped: then nothing is known, and nothing is wrong.
  SharedLayout();

  /// Before a kernel runs: variables that belong to other kernels are out of bounds for it.
  void begin_kernel(const void* kernel);
  /// Whether bytes [offset, offset + bytes) of the section lie in one variable that the kernel may use.
  bool is_inside(std::size_t offset, unsigned bytes) const {
    if (owner_.empty()) return true;
    const std::uint16_t variable = owner_[offset];
    return variable != 0 && (*usable_)[variable] && offset + bytes <= owner_.size() &&
           owner_[offset + bytes - 1] == variable;
  }
  /// What lies there, for reports: "'tile', 64 bytes, of k", "no variable".
  std::string describe(std::size_t offset) const;
  /// The variable of the running kernel that ends last before `offset`, and how far before: "8 bytes after the end of
  /// 'tile'". Empty if there is none.
  std::string describe_end_before(std::size_t offset) const;

 private:
  std::vector<SharedSymbol> variables_;  ///< [0] is none
  std::vector<std::uint16_t> owner_;     ///< of each byte of the section: index of a variable
  std::vector<std::string> launched_;    ///< names of kernels, mangled, without "_Z"
  struct Usable {
    std::size_t launched = 0;  ///< kernels that were known then; 0: not decided yet
    std::vector<bool> variables;
  };
  std::vector<bool> usable_by(const std::string& function) const;
  std::map<const void*, std::string> functions_;  ///< mangled names of kernels, without "_Z"
  std::map<const void*, Usable> decided_;
  const std::vector<bool>* usable_ = nullptr;  ///< by the running kernel
};

}  // namespace simt
