#include <functional>
#include <sstream>

#include "tests/support/catch.h"
#include "tests/tools/kernel_resources/temporary_folder.h"
#include "tools/kernel_resources/sass_budget.h"

namespace duel {
namespace {

SassKernel kernel_of(const std::vector<Instruction>& instructions) {
  return {"tile<8, 4>", 90, instructions};
}

BudgetTable two_sources() {
  return {"13.0.88",
          {{{"op/tile.cu", "tile<8, 4>", 90}, 300, 2, 40, 20, 5, 3},
           {{"op/tile.cu", "tile<8, 4>", 75}, 310, -1, 44, 20, 5, 3},
           {{"op/copy.cu", "copy", 90}, 30, 12, 0, 0, 0, 0}}};
}

Comparison budgets_after(const std::function<void(SassBudget&)>& change, const std::string& toolkit = "13.0.88") {
  BudgetTable changed = two_sources();
  changed.toolkit = toolkit;
  change(changed.rows[0]);
  return compare_budgets(two_sources(), changed);
}

TEST_CASE("budgets: of the kernel, of what stands before its wait, and of its hottest loop") {
  // From 0x20 to 0x90: two matrix instructions, a load, a branch over one of them, and the one that closes the loop.
  const SassBudget budget = budget_of("op/tile.cu", kernel_of({{0x00, "MOV"},
                                                               {0x10, "ACQBULK"},
                                                               {0x20, "LDSM"},
                                                               {0x30, "HMMA"},
                                                               {0x40, "BRA", 0x60},
                                                               {0x50, "HMMA"},
                                                               {0x60, "IADD3"},
                                                               {0x70, "BRA", 0x20},
                                                               {0x80, "FFMA"},
                                                               {0x90, "BRA", 0x80},
                                                               {0xa0, "EXIT"}}));
  CHECK(budget == SassBudget{{"op/tile.cu", "tile<8, 4>", 90}, 11, 1, 6, 2, 1, 1});
  const SassBudget without = budget_of("op/copy.cu", kernel_of({{0x00, "LDG"}, {0x10, "BRA", 0x00}, {0x20, "EXIT"}}));
  CHECK(without == SassBudget{{"op/copy.cu", "tile<8, 4>", 90}, 3, -1, 0, 0, 0, 0});
}

TEST_CASE("budgets: CSV is read as it was written") {
  std::ostringstream text;
  write_budgets(two_sources(), text);
  CHECK(contains(text.str(), "op/tile.cu,\"tile<8, 4>\",sm_75,310,,44,20,5,3\n"));
  std::istringstream csv(text.str());
  const BudgetTable read = read_budgets(csv, "budgets.csv");
  CHECK(read.toolkit == "13.0.88");
  CHECK(read.rows == two_sources().rows);
  const auto message = [](const std::string& wrong) {
    std::istringstream stream(wrong);
    return message_of([&] { read_budgets(stream, "budgets.csv"); });
  };
  CHECK(contains(message(""), "budgets.csv:1: expected \"# nvcc VERSION\""));
  CHECK(contains(message("# nvcc 13.0.88\nkernel\n"), "budgets.csv:2: expected the columns"));
  CHECK(contains(message(text.str() + "a,b,sm_90,1\n"), "budgets.csv:6: expected 9 fields, found 4"));
  CHECK(contains(message(text.str() + "a,b,sm_90,many,,0,0,0,0\n"), "budgets.csv:6: field 4: expected a whole number"));
}

TEST_CASE("budgets: what became worse fails, what became better is said") {
  CHECK(budgets_after([](auto&) {}).failures.empty());
  const auto failure = [](auto change) {
    const Comparison found = budgets_after(change);
    return found.failures.empty() ? "" : found.failures.front();
  };
  CHECK(contains(failure([](auto& k) { k.instructions = 301; }), "tile<8, 4>: instructions 300 -> 301, worse"));
  CHECK(contains(failure([](auto& k) { k.before_wait = 1; }), "instructions before the wait 2 -> 1, worse"));
  CHECK(contains(failure([](auto& k) { k.loop = 41; }), "instructions of the hottest loop per 1,000 products"));
  CHECK(contains(failure([](auto& k) { k.shared_loads = 6; }), "shared loads of the hottest loop"));
  CHECK(contains(failure([](auto& k) { k.branches = 4; }), "branches in the hottest loop 3 -> 4, worse"));
  CHECK(failure([](auto& k) { k.before_wait = -1; }) == "");
  // Unrolled once more: as much for each product.
  CHECK(failure([](auto& k) { k.loop = 80, k.products = 40, k.shared_loads = 10; }) == "");
  CHECK(budgets_after([](auto& k) { k.branches = 0, k.before_wait = 9; }).notes.size() == 2);
  CHECK(budgets_after([](auto& k) { k.code.kernel = "other"; }).failures.size() == 1);
  CHECK(budgets_after([](auto& k) { k.branches = 90; }, "13.1.1").failures.empty());
}

}  // namespace
}  // namespace duel
