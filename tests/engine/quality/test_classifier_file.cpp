// What the file of a classifier lets through: nothing that differs in one bit.
#include "engine/quality/classifier_file.h"

#include <fstream>

#include "tests/support/catch.h"
#include "tests/tools/kernel_resources/temporary_folder.h"

namespace duel::test {
namespace {

namespace fs = std::filesystem;

const ClassifierSource kSource{"recipe 1", "0123"};

TensorFile small_file() {
  TensorFile file;
  for (const std::string name : {"weight", "bias"}) {
    const std::vector<std::int64_t> shape =
        name == "bias" ? std::vector<std::int64_t>{2} : std::vector<std::int64_t>{2, 1};
    file.tensors.push_back({name, DType::f32, shape, std::vector<std::byte>(8, std::byte{0x3f})});
  }
  return file;
}

bool same(const TensorFile& a, const TensorFile& b) {
  if (a.metadata != b.metadata || a.tensors.size() != b.tensors.size()) return false;
  for (std::size_t i = 0; i < a.tensors.size(); ++i) {
    const Tensor &x = a.tensors[i], &y = b.tensors[i];
    if (x.name != y.name || x.type != y.type || x.shape != y.shape || x.bytes != y.bytes) return false;
  }
  return true;
}

TEST_CASE("classifier file: comes back as it was written") {
  const TemporaryFolder folder;
  TensorFile content = small_file();
  describe_classifier(content, kSource, 0.98125);
  write_safetensors(folder.path() / "c", content);
  const TensorFile back = read_classifier(folder.path() / "c", kSource);
  CHECK(same(back, content));
  CHECK(test_accuracy_of(back) == 0.98125);
  CHECK(weights_hash(back) == weights_hash(content));
}

TEST_CASE("classifier file: the hash of the weights is of names, shapes and values") {
  const TensorFile content = small_file();
  TensorFile name = content, shape = content, value = content;
  name.tensors[0].name = "w";
  shape.tensors[0].shape = {1, 2};
  value.tensors[1].bytes[3] = std::byte{0x40};
  for (const TensorFile& other : {name, shape, value}) CHECK(weights_hash(other) != weights_hash(content));
}

TEST_CASE("classifier file: another source is refused") {
  const TemporaryFolder folder;
  TensorFile content = small_file();
  describe_classifier(content, kSource, 0.5);
  const fs::path file = folder.path() / "c";
  write_safetensors(file, content);
  CHECK_THROWS_AS(read_classifier(file, {"recipe 2", "0123"}), DataError);
  CHECK_THROWS_AS(read_classifier(file, {"recipe 1", "0124"}), DataError);
  CHECK(contains(message_of([&] {
                   read_classifier(file, {"recipe 1", "0124"});
                 }),
                 "expected data '0124', found '0123'"));
  write_safetensors(file, small_file());
  CHECK(contains(message_of([&] { read_classifier(file, kSource); }), "found none"));
}

TEST_CASE("classifier file: weights that are not finite are refused") {
  const TemporaryFolder folder;
  TensorFile content = small_file();
  content.tensors[1].bytes[7] = std::byte{0xff};
  content.tensors[1].bytes[6] = std::byte{0xff};
  describe_classifier(content, kSource, 0.5);
  const fs::path file = folder.path() / "c";
  write_safetensors(file, content);
  CHECK(contains(message_of([&] { read_classifier(file, kSource); }), "value 1 of 'bias' is not finite"));
}

TEST_CASE("classifier file: an accuracy that is no share is refused") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "c";
  TensorFile content = small_file();
  describe_classifier(content, kSource, 1);
  for (const char* text : {"", "1.5", "-0.1", "nan", "0.5x", "many"}) {
    content.metadata["test_accuracy"] = text;
    write_safetensors(file, content);
    CHECK(contains(message_of([&] { read_classifier(file, kSource); }), "expected test_accuracy from 0 to 1"));
  }
  content.metadata.erase("test_accuracy");
  write_safetensors(file, content);
  CHECK_THROWS_AS(read_classifier(file, kSource), DataError);
}

TEST_CASE("classifier file: every flipped bit is found") {
  const TemporaryFolder folder;
  TensorFile content = small_file();
  describe_classifier(content, kSource, 0.5);
  const fs::path file = folder.path() / "c";
  write_safetensors(file, content);
  const std::size_t size = fs::file_size(file);
  std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
  const auto flip = [&](std::size_t bit) {
    const auto place = static_cast<std::streamoff>(bit / 8);
    const int byte = bytes.seekg(place).get();
    bytes.seekp(place).put(static_cast<char>(byte ^ 1 << bit % 8)).flush();
  };
  for (std::size_t bit = 0; bit < 8 * size; ++bit) {
    CAPTURE(bit);
    flip(bit);
    CHECK_THROWS_AS(read_classifier(file, kSource), DataError);
    flip(bit);
  }
  REQUIRE(bytes.good());
  CHECK(same(read_classifier(file, kSource), content));
}

}  // namespace
}  // namespace duel::test
