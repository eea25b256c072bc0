#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace simt {

/// The mangled name of the function that begins at `address`, from the symbol table of the program or shared object
/// that holds it: it has local functions too, which the dynamic linker does not know. nullopt where it was stripped.
std::optional<std::string> symbol_at(const void* address);

/// A __shared__ variable of the program.
struct SharedSymbol {
  std::string name;   ///< mangled
  std::size_t begin;  ///< in static_shared_memory()
  std::size_t bytes;
};
/// All of them, from the symbol table of the program; none where it was stripped.
std::vector<SharedSymbol> shared_symbols();

/// "_ZZ1kPfE4tile" -> "k(float*)::tile".
std::string demangled_symbol(const std::string& symbol);

/// The executable segment that an address lies in; empty where none is known.
struct CodeRange {
  std::uintptr_t begin = 0, end = 0;
};
CodeRange code_around(std::uintptr_t address);

}  // namespace simt
