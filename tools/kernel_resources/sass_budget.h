// What a kernel's machine code may cost, as static counts that are recorded: without a GPU they are what one knows of
// its speed.
#pragma once

#include <istream>
#include <ostream>
#include <string>
#include <vector>

#include "tools/kernel_resources/compare_rows.h"
#include "tools/kernel_resources/sass_text.h"

namespace duel {

struct SassBudget {
  KernelCode code;
  int instructions = 0;  ///< of the whole kernel, 16 bytes each
  int before_wait = -1;  ///< that stand before it waits for the kernel before it; -1: it does not wait
  // Of the hottest loop; 0 where no loop has products.
  int loop = 0;          ///< all of it
  int products = 0;      ///< FFMA and matrix instructions
  int shared_loads = 0;  ///< loads from shared memory
  int branches = 0;      ///< but that which closes it

  bool operator==(const SassBudget&) const = default;
};

struct BudgetTable {
  std::string toolkit;           ///< nvcc's version
  std::vector<SassBudget> rows;  ///< by source, kernel and architecture
};

SassBudget budget_of(const std::string& source, const SassKernel& kernel);

/// Writes "# nvcc VERSION", the names of the columns and a line per kernel and architecture.
void write_budgets(const BudgetTable& table, std::ostream& csv);

/// Reads what write_budgets() wrote; `file` names it in errors. Throws std::runtime_error with file and line.
BudgetTable read_budgets(std::istream& csv, const std::string& file);

/// More instructions, loads or branches are worse, as are fewer before the wait. Fewer products in a loop are worse
/// only together with more instructions a product; nothing is judged of another release of nvcc.
Comparison compare_budgets(const BudgetTable& recorded, const BudgetTable& built);

}  // namespace duel
