// Recorded traffic of kernels: what is read is written and read back.
#include <sstream>

#include "engine/io/data_error.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"
#include "tools/kernel_lab/traffic_record.h"

namespace duel::fuzz {

void read_traffic(Input input) {
  const MemoryFile file(as_text(input));
  try {
    const lab::RecordedTraffic recorded = lab::read_recorded(file.path());
    lab::compare_with_recorded({}, recorded, true);
    std::ostringstream text;
    lab::write_recorded(text, recorded);
    const MemoryFile copy(text.str());
    std::ostringstream again;
    lab::write_recorded(again, lab::read_recorded(copy.path()));
    if (again.str() != text.str()) broken_promise("a record changes when it is written and read");
  } catch (const DataError&) {
  }
}

std::vector<std::string> traffic_seeds() {
  std::ostringstream text;
  lab::write_recorded(text, {"clang 14", {{"adam", "flat", "n, m", "adam_kernel", "1x1x1 32x1x1", {}}}});
  return {text.str()};
}

}  // namespace duel::fuzz
