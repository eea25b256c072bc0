// From addresses of instructions to lines of the source.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace simt {

struct Frame {
  std::string function;  ///< without its parameters
  std::string file;      ///< relative to the project where it lies in it
  int line;
};

/// The path of a source file, relative to the project where it lies in it.
std::string source_file(const std::string& path);

/// The functions that the instruction before a return address belongs to, innermost first: several where functions
/// were inlined. Empty where it cannot be told. Asks a program of the system, once for each address.
std::vector<Frame> frames_at(std::uintptr_t return_address);

}  // namespace simt
