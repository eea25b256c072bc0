// What nvcc's tools say about kernels, and the recorded table of it.
#include <sstream>
#include <stdexcept>

#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"
#include "tools/kernel_resources/ptxas_text.h"
#include "tools/kernel_resources/record.h"
#include "tools/kernel_resources/sass_text.h"

namespace duel::fuzz {

void read_ptxas(Input input) {
  std::istringstream text(as_text(input));
  try {
    read_ptxas_text(text, "input", "a.cu");
  } catch (const std::runtime_error&) {
  }
}

void read_sass(Input input) {
  std::istringstream text(as_text(input));
  try {
    for (const SassKernel& kernel : read_sass_text(text, "input")) count_hottest_loop(kernel);
  } catch (const std::runtime_error&) {
  }
}

void read_resources(Input input) {
  std::istringstream text(as_text(input));
  try {
    const ResourceTable table = read_csv(text, "input");
    std::ostringstream written;
    write_csv(table, written);
  } catch (const std::runtime_error&) {
  }
}

}  // namespace duel::fuzz
