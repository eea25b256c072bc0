// What compilers and the cache say of the files that a kernel file includes: inputs as one, then as the other.
#include "kernels/external/dependencies.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"

namespace duel::fuzz {

void read_kernel_inputs(Input input) {
  inputs_of(as_text(input));
  const MemoryFile file(as_text(input));
  read_inputs(file.path());
}

}  // namespace duel::fuzz
