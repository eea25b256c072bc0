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
  int mma = 0;   ///< matrix instructions
  int lds = 0, sts = 0, ldg = 0, stg = 0, bar = 0;
  int branches = 0;  ///< of a loop but that which closes it
  int other = 0;
  int begin = 0, end = 0;  ///< addresses of the first and last instruction
  bool is_loop = false;    ///< false: no loop has a product, and the counts are those of the whole kernel

  int total() const { return ffma + mma + lds + sts + ldg + stg + bar + branches + other + (is_loop ? 1 : 0); }
};

/// Counts the hottest loop: of the loops (from a branch's target to the branch that goes back to it) that have products
/// and no smaller such loop inside, the one with the most matrix instructions, or the most FFMA where none has any.
InstructionCounts count_hottest_loop(const SassKernel& kernel);

/// How many instructions stand before a kernel waits for the one before it (griddepcontrol.wait); -1: it does not.
int instructions_before_wait(const SassKernel& kernel);

}  // namespace duel
