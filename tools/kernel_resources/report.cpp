#include "tools/kernel_resources/report.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iomanip>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace duel {
namespace {

std::string in_single_quotes(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// What the disassembler prints; it complains on stderr by itself.
std::string disassembly(const std::string& cuobjdump, const std::string& object) {
  const std::string command = in_single_quotes(cuobjdump) + " -sass " + in_single_quotes(object);
  const auto close = [](std::FILE* pipe) { pclose(pipe); };
  std::unique_ptr<std::FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
  if (!pipe) throw std::runtime_error("cannot run " + command);
  std::string text;
  std::array<char, 65536> part;
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe.get())) text.append(part.data(), size);
  const int status = pclose(pipe.release());
  if (status != 0) throw std::runtime_error(command + " failed with status " + std::to_string(status));
  return text;
}

nlohmann::ordered_json as_json(const KernelRow& row) {
  const KernelResources& k = row.resources;
  nlohmann::ordered_json json = {{"source", k.source},
                                 {"kernel", k.kernel},
                                 {"architecture", "sm_" + std::to_string(k.architecture)},
                                 {"threads", k.threads},
                                 {"registers", k.registers},
                                 {"spill_stores", k.spill_stores},
                                 {"spill_loads", k.spill_loads},
                                 {"stack", k.stack},
                                 {"shared", k.shared},
                                 {"constant", k.constant},
                                 {"occupancy", nullptr}};
  if (row.occupancy) {
    json["occupancy"] = {{"blocks_per_sm", row.occupancy->blocks},
                         {"fraction", row.occupancy->fraction},
                         {"limited_by", row.occupancy->limited_by}};
  }
  return json;
}

void write_counts(const SassKernel& kernel, const std::string& source, std::ostream& out) {
  const InstructionCounts c = count_hottest_loop(kernel);
  const int share = c.total() == 0 ? 0 : static_cast<int>(std::lround(100.0 * c.ffma / c.total()));
  out << std::left << std::setw(7) << "sm_" + std::to_string(kernel.architecture) << std::right;
  for (const int number : {c.total(), c.ffma}) out << std::setw(6) << number;
  out << std::setw(6) << share << '%';
  for (const int number : {c.mma, c.lds, c.sts, c.ldg, c.stg, c.bar, c.branches, c.other})
    out << std::setw(6) << number;
  out << (c.is_loop ? "  loop   " : "  kernel ") << source << ' ' << kernel.kernel << '\n';
}

}  // namespace

void write_table(const ResourceTable& table, std::ostream& out) {
  out << "nvcc " << table.toolkit
      << "; per thread: registers, spills and stack in bytes; per block: static shared memory "
      << "in bytes\n\n"
      << "arch    threads  regs  spills  stack  shared  blocks/SM  occupancy  limited by                 kernel\n";
  for (const auto& [k, occupancy] : table.rows) {
    out << std::left << std::setw(7) << "sm_" + std::to_string(k.architecture) << std::right << std::setw(8)
        << (k.threads > 0 ? std::to_string(k.threads) : "-") << std::setw(6) << k.registers << std::setw(8)
        << k.spill_stores + k.spill_loads << std::setw(7) << k.stack << std::setw(8) << k.shared;
    if (occupancy) {
      out << std::setw(11) << occupancy->blocks << std::setw(10) << std::lround(100 * occupancy->fraction) << "%  "
          << std::left << std::setw(27) << occupancy->limited_by;
    } else {
      out << std::setw(11) << "-" << std::setw(11) << "-"
          << "  " << std::left << std::setw(27) << "-";
    }
    out << k.source << ' ' << k.kernel << '\n';
  }
}

void write_json(const ResourceTable& table, std::ostream& out) {
  nlohmann::ordered_json kernels = nlohmann::ordered_json::array();
  for (const KernelRow& row : table.rows) kernels.push_back(as_json(row));
  out << nlohmann::ordered_json{{"nvcc", table.toolkit}, {"kernels", kernels}}.dump(1) << '\n';
}

std::vector<DisassembledKernel> disassemble(const BuildFolder& build, const std::vector<int>& architectures,
                                            const std::string& cuobjdump) {
  std::vector<DisassembledKernel> kernels;
  for (const CudaObject& object : build.objects) {
    std::istringstream text(disassembly(cuobjdump, object.path.string()));
    for (SassKernel& kernel : read_sass_text(text, "cuobjdump -sass " + object.path.string())) {
      const bool is_wanted =
          architectures.empty() || std::ranges::find(architectures, kernel.architecture) != architectures.end();
      if (is_wanted) kernels.push_back({object.source, std::move(kernel)});
    }
  }
  return kernels;
}

void write_sass_counts(const std::vector<DisassembledKernel>& kernels, std::ostream& out) {
  out << "Instructions in each kernel's hottest loop (in the whole kernel where no loop has a product), as they stand "
         "in the code\n\narch     all  FFMA  share   MMA   LDS   STS   LDG   STG   BAR   BRA other  of     kernel\n";
  for (const auto& [source, code] : kernels) write_counts(code, source, out);
}

std::string find_program(const std::string& name) {
  const auto runs = [](const std::string& path) { return access(path.c_str(), X_OK) == 0; };
  if (name.find('/') != std::string::npos) return runs(name) ? name : "";
  const char* path = std::getenv("PATH");
  std::istringstream folders((path ? std::string(path) : "") + ":/usr/local/cuda/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (runs(folder + "/" + name)) return folder + "/" + name;
  }
  return "";
}

}  // namespace duel
