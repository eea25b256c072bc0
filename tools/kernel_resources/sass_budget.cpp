#include "tools/kernel_resources/sass_budget.h"

#include "tools/kernel_resources/csv_line.h"

namespace duel {
namespace {

constexpr const char* kBudgetColumns =
    "source,kernel,architecture,instructions,before_wait,loop,products,shared_loads,branches";

// For 1,000 products, so that a loop that is unrolled further is no worse.
int per_thousand_products(int number, const SassBudget& budget) {
  return budget.products > 0 ? static_cast<int>(1000LL * number / budget.products) : 0;
}

std::vector<Quantity> budget_quantities(const SassBudget& recorded, const SassBudget& built) {
  std::vector<Quantity> found = {
      {"instructions", recorded.instructions, built.instructions},
      {"instructions of the hottest loop per 1,000 products", per_thousand_products(recorded.loop, recorded),
       per_thousand_products(built.loop, built)},
      {"shared loads of the hottest loop per 1,000 products", per_thousand_products(recorded.shared_loads, recorded),
       per_thousand_products(built.shared_loads, built)},
      {"branches in the hottest loop", recorded.branches, built.branches}};
  if (recorded.before_wait >= 0) {  // who waits no longer is no worse
    const int now = built.before_wait >= 0 ? built.before_wait : recorded.before_wait;
    found.push_back({"instructions before the wait", recorded.before_wait, now, true});
  }
  return found;
}

SassBudget budget_in(const CsvLine& line) {
  return {.code = {line.text(0), line.text(1), line.architecture(2)},
          .instructions = line.number(3),
          .before_wait = line.is_empty(4) ? -1 : line.number(4),
          .loop = line.number(5),
          .products = line.number(6),
          .shared_loads = line.number(7),
          .branches = line.number(8)};
}

}  // namespace

SassBudget budget_of(const std::string& source, const SassKernel& kernel) {
  SassBudget budget{.code = {source, kernel.kernel, kernel.architecture},
                    .instructions = static_cast<int>(kernel.instructions.size()),
                    .before_wait = instructions_before_wait(kernel)};
  const InstructionCounts loop = count_hottest_loop(kernel);
  if (!loop.is_loop) return budget;
  budget.loop = loop.total();
  budget.products = loop.ffma + loop.mma;
  budget.shared_loads = loop.lds;
  budget.branches = loop.branches;
  return budget;
}

void write_budgets(const BudgetTable& table, std::ostream& csv) {
  csv << "# nvcc " << table.toolkit << "\n" << kBudgetColumns << "\n";
  for (const SassBudget& row : table.rows) {
    csv << quoted(row.code.source) << ',' << quoted(row.code.kernel) << ",sm_" << row.code.architecture << ','
        << row.instructions << ',' << (row.before_wait < 0 ? "" : std::to_string(row.before_wait)) << ',' << row.loop
        << ',' << row.products << ',' << row.shared_loads << ',' << row.branches << "\n";
  }
}

BudgetTable read_budgets(std::istream& csv, const std::string& file) {
  const RecordLines record = read_record_lines(csv, file, kBudgetColumns);
  BudgetTable table{record.toolkit, {}};
  for (const CsvLine& line : record.lines) table.rows.push_back(budget_in(line));
  return table;
}

Comparison compare_budgets(const BudgetTable& recorded, const BudgetTable& built) {
  if (recorded.toolkit != built.toolkit) {
    return {{},
            {"recorded with nvcc " + recorded.toolkit + ", built with " + built.toolkit + ": nothing is compared"},
            static_cast<int>(built.rows.size())};
  }
  return compare_rows(
      recorded.rows, built.rows, [](const SassBudget& row) { return row.code; }, budget_quantities);
}

}  // namespace duel
