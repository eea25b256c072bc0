// Names of classes beside a dataset.
#include "app/data/dataset_file.h"

#include "engine/io/data_error.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"

namespace duel::fuzz {

void read_dataset_file(Input input) {
  const MemoryFile file(as_text(input));
  try {
    for (const auto& [label, name] : app::read_dataset_file(file.path())) {
      if (label < 0 || label > 255) broken_promise("a label that no label can be");
    }
  } catch (const DataError&) {
  }
}

std::vector<std::string> dataset_file_seeds() {
  return {R"({"name":"cats","classes":{"0":"a","255":"b"},"left_out":[{"what":"x","why":"y"}]})", R"({"classes":{}})"};
}

}  // namespace duel::fuzz
