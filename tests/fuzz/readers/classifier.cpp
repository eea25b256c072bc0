// A classifier in the cache. Inputs are as with_header_line() makes them.
#include "engine/quality/classifier_file.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"
#include "tests/fuzz/tensor_file.h"

namespace duel::fuzz {
namespace {

const ClassifierSource kSource = {"a recipe", "0123456789abcdef0123456789abcdef"};

}  // namespace

void read_classifier(Input input) {
  const MemoryFile file(from_header_line(as_text(input)));
  try {
    test_accuracy_of(duel::read_classifier(file.path(), kSource));
  } catch (const DataError&) {
  }
}

std::vector<std::string> classifier_seeds() {
  TensorFile file;
  file.tensors = {{"0.weight", DType::f32, {1, 2}, std::vector<std::byte>(8, std::byte{1})}};
  describe_classifier(file, kSource, 0.75);
  return {with_header_line(file_bytes(file)), with_header_line(without_seal(file_bytes(file)))};
}

}  // namespace duel::fuzz
