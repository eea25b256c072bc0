#include "engine/io/npy.h"

#include <span>

#include "tests/engine/io/idx_files.h"
#include "tests/support/catch.h"

namespace duel {
namespace {

using namespace test;

/// A file of version 1.0 with that header, as other programs may write it.
Bytes npy(const std::string& header, const Bytes& values = {}) {
  return text("\x93NUMPY\x01") +
         Bytes{0, static_cast<std::uint8_t>(header.size() & 0xff), static_cast<std::uint8_t>(header.size() >> 8)} +
         text(header) + values;
}

Bytes as_bytes(const std::vector<std::byte>& bytes) {
  Bytes result;
  for (const std::byte byte : bytes) result.push_back(std::to_integer<std::uint8_t>(byte));
  return result;
}

std::vector<std::byte> as_std_bytes(const Bytes& bytes) {
  const auto view = std::as_bytes(std::span(bytes));
  return {view.begin(), view.end()};
}

TEST_CASE("npy: an array is written as numpy.save writes it") {
  // numpy.save of numpy.array([[1, 2, 3]], numpy.uint8) and of numpy.float32(1), NumPy 1.24.
  const std::string matrix = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 3), }";
  const Bytes expected = npy(matrix + std::string(117 - matrix.size(), ' ') + "\n", {1, 2, 3});
  REQUIRE(expected.size() == 131);
  CHECK(as_bytes(encode_npy({"", DType::u8, {1, 3}, as_std_bytes({1, 2, 3})})) == expected);
  const std::string scalar = "{'descr': '<f4', 'fortran_order': False, 'shape': (), }";
  CHECK(as_bytes(encode_npy({"", DType::f32, {}, as_std_bytes({0, 0, 0x80, 0x3f})})) ==
        npy(scalar + std::string(117 - scalar.size(), ' ') + "\n", {0, 0, 0x80, 0x3f}));
  CHECK_THROWS_AS(encode_npy({"", DType::f32, {2}, as_std_bytes({0, 0, 0, 0})}), std::invalid_argument);
}

TEST_CASE("npy: what is written is read again, plain and compressed") {
  const TemporaryFolder folder;
  const std::vector<std::vector<std::int64_t>> shapes = {{}, {1}, {7}, {0}, {0, 3}, {2, 3}, {2, 1, 3, 1, 2}};
  for (const DTypeInfo& info : kDTypes) {
    for (const auto& shape : shapes) {
      CAPTURE(info.name, shape);
      const Tensor tensor{"", info.type, shape, as_std_bytes(pattern(*byte_count(shape, info.type)))};
      const Bytes content = as_bytes(encode_npy(tensor));
      CHECK((content.size() - tensor.bytes.size()) % 64 == 0);
      for (const Bytes& file : {content, gzip(content)}) {
        const Tensor read = read_npy(folder.write("array.npy", file));
        CHECK(read.type == tensor.type);
        CHECK(read.shape == tensor.shape);
        CHECK(read.bytes == tensor.bytes);
      }
    }
  }
}

TEST_CASE("npy: versions 2 and 3, other spellings of the header and of the bytes' order are read") {
  const TemporaryFolder folder;
  const std::string header = "{\"shape\":(2,),'fortran_order' : False\t,\n'descr':\"<u1\"}";
  CHECK(read_npy(folder.write("a", npy(header, {5, 6}))).bytes == as_std_bytes({5, 6}));
  for (const char version : {'\x02', '\x03'}) {
    const Bytes file = text("\x93NUMPY") +
                       Bytes{static_cast<std::uint8_t>(version), 0, static_cast<std::uint8_t>(header.size()), 0, 0, 0} +
                       text(header) + Bytes{5, 6};
    CHECK(read_npy(folder.write("a", file)).shape == std::vector<std::int64_t>{2});
  }
}

TEST_CASE("npy: what cannot be read is refused with what to do") {
  const TemporaryFolder folder;
  struct Bad {
    Bytes content;
    std::vector<std::string> says;
  };
  const std::string good = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}";
  const auto with = [](const std::string& descr, const std::string& order, const std::string& shape) {
    return npy("{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + "}", {1, 2});
  };
  const std::vector<Bad> corpus = {
      {text("GIF89a whatever"), {"byte 0", "NUMPY", "'GIF89a'", "numpy.save"}},
      {text("PK\x03\x04 whatever"), {"zip archive", "numpy.load"}},
      {text("\x93NUM"), {"byte 4", "the end"}},
      {text("\x93NUMPY\x04") + Bytes{0}, {"version", "4.0"}},
      {text("\x93NUMPY\x02") + Bytes{0, 0xff, 0xff, 0xff, 0xff}, {"at most 65536 bytes", "4294967295"}},
      {first(30, npy(good, {1, 2})), {"a header of 55 bytes"}},
      {with("'<f4'", "True", "(2,)"), {"fortran_order", "ascontiguousarray"}},
      {with("'>f4'", "False", "(2,)"), {"descr", "'>f4'", "astype"}},
      {with("'<f2'", "False", "(2,)"), {"float32", "'<f2'"}},
      {with("'|O'", "False", "(2,)"), {"pickle", "never read"}},
      {with("[('x', '<f4')]", "False", "(2,)"), {"one type for all values"}},
      {with("'|u1'", "0", "(2,)"), {"True or False"}},
      {with("'|u1'", "False", "(2)"), {"',' after the first size"}},
      {with("'|u1'", "False", "(-2,)"), {"a size from 0", "'-2"}},
      {with("'|u1'", "False", "(99999999999999999999,)"), {"a size from 0"}},
      {with("'|u1'", "False", "(2,"), {"(header)"}},
      {with("'|u1'", "False", "[2]"), {"a tuple of sizes"}},
      {with("'<f8'", "False", "(4611686018427387904, 8)"), {"shape", "at most 2147483648 bytes"}},
      {with("'|u1'", "False", "(2000000000,)"), {"2000000000 bytes after the header", "the end after 2"}},
      {npy("{'descr': '|u1', 'descr': '|u1'}"), {"every key once", "'descr'"}},
      {npy("{'descr': '|u1', 'size': 4}"), {"only the keys", "'size'"}},
      {npy("{'descr': '|u1'}"), {"the keys descr, fortran_order and shape", "1 of them"}},
      {npy("{'descr' '|u1'}"), {"':' after the key 'descr'"}},
      {npy("{'descr"), {"a key in quotes"}},
      {npy("('descr', 1)"), {"the beginning of a dictionary"}},
      {npy(good + "x"), {"nothing after the dictionary", "'x'"}},
      {npy(good, {1}), {"2 bytes after the header, of the shape (2,)", "the end after 1"}},
      {npy(good, {1, 2, 3}), {"trailing bytes"}},
  };
  for (const Bad& bad : corpus) {
    const auto file = folder.write("array.npy", bad.content);
    const std::string message = message_of([&] { read_npy(file); });
    CAPTURE(message);
    CHECK(message.rfind(file.string() + ": ", 0) == 0);
    for (const std::string& part : bad.says) check_says(message, part);
    CHECK(message.back() != ' ');
  }
}

TEST_CASE("npy: every truncation is refused") {
  const TemporaryFolder folder;
  const Bytes good = as_bytes(encode_npy({"", DType::i64, {2}, as_std_bytes(pattern(16))}));
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK_THROWS_AS(read_npy(folder.write("array.npy", first(size, good))), DataError);
  }
}

}  // namespace
}  // namespace duel
