// .npy files, plain or compressed with gzip.
#include "engine/io/npy.h"

#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"

namespace duel::fuzz {
namespace {

std::string npy_text(const Tensor& tensor) {
  const std::vector<std::byte> bytes = encode_npy(tensor);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void read_npy(Input input) {
  const MemoryFile file(as_text(input));
  try {
    const Tensor tensor = duel::read_npy(file.path());
    if (byte_count(tensor.shape, tensor.type) != tensor.bytes.size()) broken_promise("a shape without its values");
  } catch (const DataError&) {
  }
}

std::vector<std::string> npy_seeds() {
  const std::vector<std::byte> bytes(24, std::byte{7});
  const std::string matrix = npy_text({"", DType::f32, {2, 3}, bytes});
  std::string second = matrix;
  second[6] = 2;  // the version, whose header's length has 4 bytes
  second.insert(10, 2, '\0');
  return {matrix, second, npy_text({"", DType::i64, {3}, bytes}), npy_text({"", DType::u8, {2, 3, 4, 1}, bytes}),
          npy_text({"", DType::f64, {0, 9}, {}})};
}

}  // namespace duel::fuzz
