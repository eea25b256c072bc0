// Results of benchmarks: what is read is written and read back.
#include "tools/kernel_lab/results.h"

#include "engine/io/data_error.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"

namespace duel::fuzz {

void read_bench_result(Input input) {
  const MemoryFile file(as_text(input));
  try {
    const std::string text = lab::to_json(lab::read_bench_result(file.path()));
    const MemoryFile copy(text);
    if (lab::to_json(lab::read_bench_result(copy.path())) != text) broken_promise("a result changes when it is read");
  } catch (const DataError&) {
  }
}

std::vector<std::string> bench_result_seeds() {
  lab::BenchResult result;
  result.conditions.device = "cpu";
  result.conditions.description = "a processor, 1 thread";
  result.conditions.compiler = "clang";
  result.conditions.build_type = "Release";
  result.conditions.date = "2025-01-31T12:00:00Z";
  const Summary time{5, 1, 2, 3, 4, 5};
  result.rows = {
      {.op = "adam", .variant = "flat", .case_name = "n", .shapes = "4", .time = time, .ratio_to_first = time},
      {.op = "adam", .variant = "other", .case_name = "n", .shapes = "4", .wrong = "all of it"}};
  return {lab::to_json(result)};
}

}  // namespace duel::fuzz
