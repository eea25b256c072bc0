// The tables for people and for programs.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tools/kernel_resources/build_folder.h"
#include "tools/kernel_resources/record.h"
#include "tools/kernel_resources/sass_text.h"

namespace duel {

/// A table with a line per kernel and architecture.
void write_table(const ResourceTable& table, std::ostream& out);

/// {"nvcc": VERSION, "kernels": [{...}]}; occupancy is null for kernels without __launch_bounds__.
void write_json(const ResourceTable& table, std::ostream& out);

/// A kernel's machine code.
struct DisassembledKernel {
  std::string source;
  SassKernel code;
};

/// Disassembles the objects with the program. `architectures` empty: all. Throws std::runtime_error where it fails.
std::vector<DisassembledKernel> disassemble(const BuildFolder& build, const std::vector<int>& architectures,
                                            const std::string& cuobjdump);

/// Writes the instructions of each kernel's hottest loop.
void write_sass_counts(const std::vector<DisassembledKernel>& kernels, std::ostream& out);

/// The path of a program: the name itself if it has a slash, else looked up in PATH, then in /usr/local/cuda/bin. Empty
/// where it is not there.
std::string find_program(const std::string& name);

}  // namespace duel
