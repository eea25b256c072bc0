#include "tools/kernel_resources/sass_budget.h"

#include <stdexcept>

#include "files/text.h"
#include "tools/kernel_resources/csv_line.h"

namespace duel {
namespace {

constexpr const char* kColumns =
    "source,kernel,architecture,instructions,before_wait,loop,products,shared_loads,branches";
constexpr std::size_t kColumnCount = 9;

// For 1,000 products, so that a loop that is unrolled further is no worse.
int per_thousand_products(int number, const SassBudget& budget) {
  return budget.products > 0 ? static_cast<int>(1000LL * number / budget.products) : 0;
}

std::vector<Quantity> quantities(const SassBudget& recorded, const SassBudget& built) {
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

SassBudget read_row(const CsvLine& line) {
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
  csv << "# nvcc " << table.toolkit << "\n" << kColumns << "\n";
  for (const SassBudget& row : table.rows) {
    csv << quoted(row.code.source) << ',' << quoted(row.code.kernel) << ",sm_" << row.code.architecture << ','
        << row.instructions << ',' << (row.before_wait < 0 ? "" : std::to_string(row.before_wait)) << ',' << row.loop
        << ',' << row.products << ',' << row.shared_loads << ',' << row.branches << "\n";
  }
}

BudgetTable read_budgets(std::istream& csv, const std::string& file) {
  BudgetTable table;
  std::string text;
  if (!std::getline(csv, text) || !text.starts_with("# nvcc ")) {
    throw std::runtime_error(file + ":1: expected \"# nvcc VERSION\", found " + in_quotes(text));
  }
  table.toolkit = text.substr(7);
  if (!std::getline(csv, text) || text != kColumns) {
    throw std::runtime_error(file + ":2: expected the columns \"" + kColumns + "\", found " + in_quotes(text));
  }
  for (int number = 3; std::getline(csv, text); ++number) {
    table.rows.push_back(read_row(CsvLine(file, number, text, kColumnCount)));
  }
  return table;
}

Comparison compare_budgets(const BudgetTable& recorded, const BudgetTable& built) {
  if (recorded.toolkit != built.toolkit) {
    return {{},
            {"recorded with nvcc " + recorded.toolkit + ", built with " + built.toolkit + ": nothing is compared"},
            static_cast<int>(built.rows.size())};
  }
  return compare_rows(
      recorded.rows, built.rows, [](const SassBudget& row) { return row.code; }, quantities);
}

}  // namespace duel
