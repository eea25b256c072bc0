// Instructions of kernels, counted in what `cuobjdump -sass` prints.
#pragma once

#include <istream>
#include <string>
#include <vector>

namespace duel {

struct Instruction {
  int address = 0;     ///< bytes from the kernel's beginning
  std::string opcode;  ///< without modifiers: LDG for LDG.E.128.SYS
  int target = -1;     ///< of a branch: the address it goes to; -1 for everything else
};

struct SassKernel {
  std::string kernel;  ///< readable name
  int architecture = 0;
  std::vector<Instruction> instructions;
};

/// Reads the disassembly of one object; `name` names it in errors. Throws std::runtime_error with name and line where
/// an instruction stands outside a function of a known architecture or has an address beyond 256 MiB, or a line is
/// longer than 16 KiB.
std::vector<SassKernel> read_sass_text(std::istream& text, const std::string& name);

/// Static counts: how often instructions stand in the code, not how often they run.
struct InstructionCounts {
  int ffma = 0;  ///< FFMA and FFMA2 (two products each)
  int lds = 0, sts = 0, ldg = 0, stg = 0, bar = 0;
  int other = 0;
  int begin = 0, end = 0;  ///< addresses of the first and last instruction
  bool is_loop = false;    ///< false: no loop has an FFMA, and the counts are those of the whole kernel

  int total() const { return ffma + lds + sts + ldg + stg + bar + other; }
};

/// Counts the hottest loop: of the loops (from a branch's target to the branch that goes back to it) that have an FFMA
/// and no smaller such loop inside, the one with the most FFMA.
InstructionCounts count_hottest_loop(const SassKernel& kernel);

}  // namespace duel
