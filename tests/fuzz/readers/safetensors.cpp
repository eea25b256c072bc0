// Safetensors files, as bytes.
#include "engine/io/safetensors.h"

#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"
#include "tests/fuzz/tensor_file.h"

namespace duel::fuzz {

void read_safetensors(Input input) {
  const MemoryFile file(as_text(input));
  try {
    const TensorFile content = duel::read_safetensors(file.path());
    std::size_t bytes = 0;
    for (const Tensor& tensor : content.tensors) bytes += tensor.bytes.size();
    if (bytes > input.size()) broken_promise("tensors of more bytes than the file has");
  } catch (const DataError&) {
  }
}

std::vector<std::string> safetensors_seeds() {
  const std::vector<std::byte> bytes(8, std::byte{7});
  TensorFile file;
  file.tensors = {{"a.weight", DType::f32, {1, 2}, bytes},
                  {"scalar", DType::i64, {}, bytes},
                  {"empty", DType::u8, {0, 3}, {}},
                  {"wide", DType::f64, {1}, bytes}};
  const std::string plain = file_bytes(file);
  file.metadata = {{"format", "pt"}, {"text", "\xc3\xa9\n\"\\"}};
  const std::string sealed = file_bytes(file);
  return {plain, sealed, without_seal(sealed), without_seal(plain), without_seal(file_bytes(TensorFile{}))};
}

}  // namespace duel::fuzz
