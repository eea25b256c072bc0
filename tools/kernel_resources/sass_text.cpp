#include "tools/kernel_resources/sass_text.h"

#include <algorithm>
#include <initializer_list>
#include <regex>
#include <stdexcept>
#include <utility>

#include "tools/kernel_resources/ptxas_text.h"

namespace duel {
namespace {

// /*0870*/   @!P0 BRA 0x4f0 ;  /* encoding */
const std::regex kInstruction(R"(\s*/\*([0-9a-f]{4,})\*/\s+(?:@!?\w+\s+)?([A-Z][A-Z0-9_]*)(\S*)([^;]*);.*)");
const std::regex kFunction(R"(\s*Function : (\S+)\s*)");
const std::regex kTarget(R"(\s*code for (sm_\w+)\s*)");
const std::regex kAddress("0x([0-9a-f]+)");

constexpr std::size_t kLongestSassLine = 16 * 1024;  // std::regex recurses once for each character
constexpr std::size_t kMostDigits = 7;               // of an address: 256 MiB of code

int hexadecimal(const std::string& digits) {
  const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  if (digits.size() - first > kMostDigits) throw std::out_of_range("the address 0x" + digits + " is too large");
  return std::stoi(digits, nullptr, 16);
}

// The last address among the operands: "0x4f0", "UP0, 0x4f0".
int branch_target(const std::string& operands) {
  int target = -1;
  for (std::sregex_iterator it(operands.begin(), operands.end(), kAddress), end; it != end; ++it) {
    target = hexadecimal((*it)[1]);
  }
  return target;
}

bool is_one_of(const std::string& opcode, std::initializer_list<const char*> opcodes) {
  return std::ranges::find(opcodes, opcode) != opcodes.end();
}

// The number that counts such instructions.
int& number_of(InstructionCounts& counts, const std::string& opcode) {
  if (is_one_of(opcode, {"FFMA", "FFMA2"})) return counts.ffma;
  if (is_one_of(opcode, {"HMMA", "IMMA", "QMMA", "DMMA", "HGMMA", "QGMMA", "UTCHMMA", "UTCQMMA"})) return counts.mma;
  if (is_one_of(opcode, {"LDS", "LDSM"})) return counts.lds;
  if (is_one_of(opcode, {"STS", "STSM"})) return counts.sts;
  if (is_one_of(opcode, {"LDG", "LDGSTS"})) return counts.ldg;
  if (opcode == "STG") return counts.stg;
  if (opcode == "BAR") return counts.bar;
  if (is_one_of(opcode, {"BRA", "BRX", "BRXU", "JMP", "JMX", "CALL", "RET", "EXIT"})) return counts.branches;
  return counts.other;
}

InstructionCounts count(const SassKernel& kernel, int begin, int end, bool is_loop) {
  InstructionCounts counts{.begin = begin, .end = end, .is_loop = is_loop};
  for (const Instruction& one : kernel.instructions) {
    const bool closes = is_loop && one.address == end;
    if (one.address >= begin && one.address <= end && !closes) ++number_of(counts, one.opcode);
  }
  return counts;
}

}  // namespace

std::vector<SassKernel> read_sass_text(std::istream& text, const std::string& name) {
  std::vector<SassKernel> kernels;
  int architecture = 0, number = 0;
  bool in_function = false;
  const auto fail = [&](const std::string& what) {
    throw std::runtime_error(name + ":" + std::to_string(number) + ": " + what);
  };
  std::smatch match;
  for (std::string line; std::getline(text, line);) {
    ++number;
    // Most lines are instructions, and half of them the rest of an encoding; regular expressions are slow.
    if (line.size() > kLongestSassLine) fail("a line of " + std::to_string(line.size()) + " characters");
    const bool is_code = line.find("/*") != std::string::npos;
    if (is_code && line.find(';') == std::string::npos) continue;
    if (!is_code && std::regex_match(line, match, kTarget)) {
      architecture = architecture_number(match[1]);
      in_function = false;
    } else if (!is_code && std::regex_match(line, match, kFunction)) {
      kernels.push_back({readable_kernel_name(match[1]), architecture, {}});
      in_function = architecture != 0;
    } else if (std::regex_match(line, match, kInstruction)) {
      if (!in_function) fail("an instruction outside a function of a known architecture: " + line);
      const std::string opcode = match[2];
      try {
        kernels.back().instructions.push_back(
            {hexadecimal(match[1]), opcode, opcode == "BRA" ? branch_target(match[4]) : -1});
      } catch (const std::out_of_range& error) {
        fail(error.what());
      }
    }
  }
  return kernels;
}

InstructionCounts count_hottest_loop(const SassKernel& kernel) {
  std::vector<InstructionCounts> loops;
  for (const Instruction& branch : kernel.instructions) {
    // A branch to itself fills up the end of every kernel.
    if (branch.target < 0 || branch.target >= branch.address) continue;
    const InstructionCounts loop = count(kernel, branch.target, branch.address, true);
    if (loop.ffma + loop.mma > 0) loops.push_back(loop);
  }
  const auto inside = [](const InstructionCounts& a, const InstructionCounts& b) {
    return a.begin >= b.begin && a.end <= b.end && a.end - a.begin < b.end - b.begin;
  };
  const auto heat = [](const InstructionCounts& loop) { return std::pair(loop.mma, loop.ffma); };
  InstructionCounts hottest;
  for (const InstructionCounts& loop : loops) {
    const bool innermost =
        std::none_of(loops.begin(), loops.end(), [&](const auto& other) { return inside(other, loop); });
    if (innermost && heat(loop) > heat(hottest)) hottest = loop;
  }
  if (hottest.is_loop || kernel.instructions.empty()) return hottest;
  return count(kernel, kernel.instructions.front().address, kernel.instructions.back().address, false);
}

int instructions_before_wait(const SassKernel& kernel) {
  const auto wait = std::ranges::find(kernel.instructions, "ACQBULK", &Instruction::opcode);
  return wait == kernel.instructions.end() ? -1 : static_cast<int>(wait - kernel.instructions.begin());
}

}  // namespace duel
