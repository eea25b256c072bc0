#include "engine/io/safetensors.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <numeric>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tests/engine/io/safetensors_corpus.h"
#include "tests/files/faults/file_faults.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"

namespace {

namespace fs = std::filesystem;
using duel::DataError;
using duel::DType;
using duel::plain_safetensors;
using duel::read_safetensors;
using duel::Tensor;
using duel::TensorFile;
using duel::write_safetensors;
using duel::test::contains;
using duel::test::FileFaults;
using duel::test::get;
using duel::test::InjectFileFaults;
using duel::test::put;
using duel::test::TemporaryFolder;

template <typename T>
Tensor tensor(const std::string& name, DType type, std::vector<std::int64_t> shape, const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {name, type, std::move(shape), {bytes.begin(), bytes.end()}};
}

TensorFile example() {
  TensorFile content;
  content.metadata = {{"format", "duel"}, {"", "empty key"}, {"quote", "\" \\ \n \xC3\xA9"}};
  content.tensors.push_back(tensor<std::uint8_t>("u8", DType::u8, {3}, {0, 128, 255}));
  content.tensors.push_back(
      tensor<std::int64_t>("i64", DType::i64, {2}, {std::numeric_limits<std::int64_t>::min(), 7}));
  content.tensors.push_back(tensor<float>("f32", DType::f32, {1, 2}, {std::numeric_limits<float>::quiet_NaN(), -0.0F}));
  content.tensors.push_back(tensor<float>("empty", DType::f32, {2, 0, 3}, {}));
  content.tensors.push_back(tensor<double>("f64", DType::f64, {}, {5e-324}));
  content.tensors.push_back(tensor<std::uint8_t>("a \"name\" \xE6\x97\xA5/\t", DType::u8, {1}, {42}));
  content.tensors.push_back(tensor<double>("empty too", DType::f64, {0}, {}));
  return content;
}

bool equal(const TensorFile& a, const TensorFile& b) {
  return a.metadata == b.metadata && std::equal(a.tensors.begin(), a.tensors.end(), b.tensors.begin(), b.tensors.end(),
                                                [](const Tensor& x, const Tensor& y) {
                                                  return x.name == y.name && x.type == y.type && x.shape == y.shape &&
                                                         x.bytes == y.bytes;
                                                });
}

/// The message of the DataError, or the empty string where the file was read.
std::string complaint(const fs::path& file) {
  return duel::test::thrown_message<DataError>([&] { read_safetensors(file); });
}

/// Whether what a damaged file gave is at least a valid TensorFile.
bool consistent(const TensorFile& content, std::size_t file_bytes) {
  std::set<std::string> names;
  std::size_t total = 0;
  for (const Tensor& item : content.tensors) {
    const auto count = std::accumulate(item.shape.begin(), item.shape.end(), std::int64_t{1}, std::multiplies<>());
    if (item.bytes.size() != static_cast<std::size_t>(count) * size_of(item.type)) return false;
    if (!names.insert(item.name).second) return false;
    total += item.bytes.size();
  }
  return total < file_bytes;
}

}  // namespace

TEST_CASE("safetensors: what torch.save writes is named, with the way out") {
  const TemporaryFolder folder;
  const fs::path file = folder / "x.pt";
  for (const std::string& start : {std::string("PK\3\4\0\0\0\0", 8), std::string("\x80\2\x8a\nl\xfc\x9c\x46", 8)}) {
    put(file, start + std::string(20, 'x'));
    CHECK(contains(complaint(file), "found what torch.save writes, a pickle, which is never read. In PyTorch: "));
  }
}

TEST_CASE("safetensors: every type, order, shape and metadata survive a round trip") {
  const TemporaryFolder folder;
  const TensorFile content = example();
  write_safetensors(folder / "x.safetensors", content);
  const TensorFile read = read_safetensors(folder / "x.safetensors");
  CHECK(equal(read, content));
  REQUIRE(read.find("f64") != nullptr);
  CHECK(read.find("f64")->shape.empty());
  CHECK(read.find("f65") == nullptr);
  CHECK(folder.names() == std::set<std::string>{"x.safetensors"});
}

TEST_CASE("safetensors: the bytes are the format's, aligned and the same each time") {
  const TemporaryFolder folder;
  TensorFile content;
  content.metadata = {{"z", "1"}, {"b", "2"}};
  content.tensors.push_back(tensor<std::uint8_t>("w", DType::u8, {2}, {'h', 'i'}));
  content.tensors.push_back(tensor<std::uint8_t>("a", DType::u8, {}, {'!'}));
  write_safetensors(folder / "1", content);
  write_safetensors(folder / "2", content);
  std::string header =
      R"({"__metadata__":{"b":"2","seal_header":"191b7d11d56dc706","seal_tensors":"2a2300bbd7ea6e9a 5fbb498e55810a1a ",)"
      R"("z":"1"},"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
      R"("a":{"dtype":"U8","shape":[],"data_offsets":[2,3]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  CHECK(get(folder / "1") == prefix(header.size()) + header + "hi!");
  CHECK(get(folder / "2") == get(folder / "1"));
  for (std::size_t length = 0; length < 9; ++length) {  // every remainder modulo 8
    content.metadata["b"] = std::string(length, 'x');
    write_safetensors(folder / "3", content);
    CHECK(get(folder / "3").size() % 8 == 3);
  }
}

TEST_CASE("safetensors: without a seal, metadata are what was given and nothing else") {
  const TemporaryFolder folder;
  const TensorFile content{{{"a", "b"}}, {{"t", DType::u8, {3}, {std::byte{1}, std::byte{2}, std::byte{3}}}}};
  const std::string bytes = plain_safetensors(content);
  CHECK(contains(bytes, R"({"__metadata__":{"a":"b"},"t":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}})"));
  const TensorFile read = read_safetensors(folder.write("plain", bytes));
  CHECK(read.metadata == content.metadata);
  CHECK(read.tensors.at(0).bytes == content.tensors[0].bytes);
  CHECK_THROWS_AS(plain_safetensors({{}, {{"t", DType::u8, {4}, {}}}}), std::invalid_argument);
}

TEST_CASE("safetensors: a file without tensors and metadata") {
  const TemporaryFolder folder;
  write_safetensors(folder / "x", {});
  CHECK(equal(read_safetensors(folder / "x"), {}));
}

TEST_CASE("safetensors: empty tensors, which share their offsets, keep their order") {
  const TemporaryFolder folder;
  TensorFile content;
  for (int i = 99; i >= 0; --i)
    content.tensors.push_back(tensor<float>(std::to_string(i * 7 % 100), DType::f32, {0}, {}));
  write_safetensors(folder / "x", content);
  CHECK(equal(read_safetensors(folder / "x"), content));
}

TEST_CASE("safetensors: what the format allows is read") {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& bytes) {
    put(folder / "x", bytes);
    return read_safetensors(folder / "x");
  };
  CHECK(read(with_header("{}")).tensors.empty());
  CHECK(read(with_header("{ \"__metadata__\" : {} }  ")).metadata.empty());
  CHECK(read(with_header("{\n\t\"__metadata__\":{\"k\":\"\"}\r}")).metadata.at("k").empty());
  CHECK(read(one_tensor("[1,2,1]", "[0,8]")).tensors[0].shape == std::vector<std::int64_t>{1, 2, 1});
  CHECK(read(one_tensor("[]", "[0,8]", "\"I64\"")).tensors[0].shape.empty());
  CHECK(read(with_header("{" + entry("\\u00e9\\u0000", "[0]", "[0,0]") + "}")).tensors[0].name ==
        std::string("\xC3\xA9\0", 3));
  const TensorFile huge = read(with_header("{" + entry("", "[0,9223372036854775807,2]", "[0,0]") + "}"));
  CHECK(huge.tensors[0].shape == std::vector<std::int64_t>{0, 9223372036854775807, 2});

  const TensorFile file =
      read(with_header("{" + entry("late", "[]", "[4,8]") + ",\"__metadata__\":{\"k\":\"v\"}," +
                           entry("early", "[]", "[0,4]") + "," + entry("none", "[0]", "[4,4]") + "}",
                       kData8));
  REQUIRE(file.tensors.size() == 3);  // in the order of their bytes, not of the header
  CHECK(file.tensors[0].name == "early");
  CHECK(file.tensors[1].name == "none");
  CHECK(file.tensors[2].name == "late");
  CHECK(std::memcmp(file.tensors[2].bytes.data(), "efgh", 4) == 0);
  CHECK(file.metadata.at("k") == "v");
}

TEST_CASE("safetensors: malformed files are refused with file, place, expectation, finding and remedy") {
  const TemporaryFolder folder;
  const auto files = malformed_files();
  CHECK(files.size() >= 120);
  std::set<std::string> names;
  for (const MalformedFile& malformed : files) {
    CAPTURE(malformed.name);
    CHECK(names.insert(malformed.name).second);
    const fs::path file = folder / "x.safetensors";
    put(file, malformed.bytes);
    const std::string message = complaint(file);
    CAPTURE(message);
    CHECK(contains(message, malformed.message));
    CHECK(message.rfind(file.string() + ": ", 0) == 0);
    CHECK(contains(message, ": expected "));
    CHECK(contains(message, ", found "));
    CHECK(message.back() == '.');
    CHECK(message.size() < 600 + file.string().size());  // also where the file's own text is long
  }
}

TEST_CASE("safetensors: a header beyond the cap is refused before it is read") {
  const TemporaryFolder folder;
  const fs::path file = folder / "x";
  put(file, prefix(100'000'001) + "{}");
  fs::resize_file(file, 100'000'100);  // sparse
  CHECK(contains(complaint(file), "found 100000001"));
}

TEST_CASE("safetensors: only regular files are read, and nothing hangs") {
  const TemporaryFolder folder;
  CHECK(contains(complaint(folder / "missing"), "No such file"));
  CHECK(contains(complaint(folder.path()), "expected a regular file"));
  CHECK(contains(complaint("/dev/zero"), "expected a regular file"));
  REQUIRE(mkfifo((folder / "fifo").c_str(), 0600) == 0);
  CHECK(contains(complaint(folder / "fifo"), "expected a regular file"));
  fs::create_symlink("loop", folder / "loop");
  CHECK(contains(complaint(folder / "loop"), "expected a readable file"));
  fs::create_symlink("missing", folder / "dangling");
  CHECK(contains(complaint(folder / "dangling"), "No such file"));
  write_safetensors(folder / "good", example());
  fs::create_symlink("good", folder / "link");
  CHECK(equal(read_safetensors(folder / "link"), example()));
}

TEST_CASE("safetensors: every flipped bit is refused") {
  const TemporaryFolder folder;
  const fs::path file = folder / "x";
  TensorFile content;
  content.metadata = {{"k", "\" \x1f"}};
  content.tensors.push_back(tensor<float>("a", DType::f32, {2}, {1, 2}));
  content.tensors.push_back(tensor<std::uint8_t>("b", DType::u8, {}, {3}));
  write_safetensors(file, content);
  const std::string good = get(file);
  std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
  const auto set = [&](std::size_t place, char byte) {
    bytes.seekp(static_cast<std::streamoff>(place)).put(byte).flush();
  };
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    CAPTURE(bit);
    set(bit / 8, static_cast<char>(good[bit / 8] ^ (1 << (bit % 8))));
    CHECK(contains(complaint(file), ": expected "));
    set(bit / 8, good[bit / 8]);
  }
  REQUIRE(bytes.good());
  CHECK(equal(read_safetensors(file), content));
}

TEST_CASE("safetensors: damage is told with the tensor or the header that it is in") {
  const TemporaryFolder folder;
  const fs::path file = folder / "x";
  write_safetensors(file, example());
  const std::string good = get(file);
  const auto message_with = [&](const std::string& old_text, const std::string& new_text) {
    std::string bytes = good;
    bytes.replace(bytes.find(old_text), old_text.size(), new_text);
    put(file, bytes);
    return complaint(file);
  };
  std::string last = good;
  last.end()[-1] = 43;
  put(file, last);
  CHECK(contains(complaint(file), "tensor 'a \"name\" "));
  CHECK(contains(complaint(file), "use another copy, or an older checkpoint"));
  CHECK(contains(message_with("empty key", "emptY key"), "key 'seal_header': expected the header's checksum"));
  CHECK(contains(message_with("seal_header", "SEAL_header"), "expected both seal_header and seal_tensors, or none"));
  CHECK(contains(message_with("seal_tensors", "Seal_tensors"), "found seal_header alone"));
  // As another program would write it that copies the metadata.
  const std::string header = R"({"__metadata__": {"seal_header": "0123456789abcdef", "seal_tensors": ""}})";
  put(file, prefix(header.size()) + header);
  CHECK(contains(complaint(file), "must leave seal_header"));
}

TEST_CASE("safetensors: every single-bit flip of a header without a seal is refused or gives a valid file") {
  const TemporaryFolder folder;
  const fs::path file = folder / "x";
  std::string header = R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                       R"("b":{"dtype":"U8","shape":[],"data_offsets":[8,9]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::string good = prefix(header.size()) + header + kData8 + "i";
  put(file, good);
  const TensorFile content = read_safetensors(file);
  int refused = 0, accepted = 0;
  for (std::size_t bit = 0; bit < 8 * (good.size() - 9); ++bit) {
    CAPTURE(bit);
    std::string bytes = good;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    put(file, bytes);
    try {
      const TensorFile read = read_safetensors(file);
      CHECK(consistent(read, bytes.size()));
      CHECK(!equal(read, content));
      ++accepted;
    } catch (const DataError&) {
      ++refused;
    }
  }
  CHECK(refused > 1000);
  CHECK(accepted > 0);  // names and metadata carry no checksum in the format itself
  CHECK(accepted < 64);
}

TEST_CASE("safetensors: a file cut anywhere or with bytes added is refused") {
  const TemporaryFolder folder;
  const fs::path file = folder / "x";
  write_safetensors(file, example());
  const std::string good = get(file);
  for (std::size_t length = 0; length < good.size(); ++length) {
    CAPTURE(length);
    put(file, good.substr(0, length));
    CHECK(complaint(file) != "");
  }
  for (const std::size_t extra : {1, 8, 4096}) {
    put(file, good + std::string(extra, '\0'));
    CHECK(contains(complaint(file), std::to_string(extra) + " more bytes"));
  }
}

TEST_CASE("safetensors: reading survives signals and short reads and reports a failing disk") {
  const TemporaryFolder folder;
  const fs::path file = folder / "x";
  write_safetensors(file, example());
  FileFaults faults;
  faults.longest = 1;
  faults.interrupts = true;
  {
    const InjectFileFaults injected(faults);
    const TensorFile read = read_safetensors(file);
    CHECK(equal(read, example()));
  }
  faults = {};
  faults.names = "read";
  faults.error = EIO;
  int failures = 0;
  for (faults.failing_operation = 1;; ++faults.failing_operation) {
    std::string message;
    {
      const InjectFileFaults injected(faults);
      message = complaint(file);
    }
    if (message.empty()) break;
    CHECK(contains(message, file.string()));
    CHECK(contains(message, "Input/output error"));
    ++failures;
  }
  CHECK(failures == 7);  // prefix, header and the five tensors with bytes
}

TEST_CASE("safetensors: contents that disagree with themselves are not written") {
  const TemporaryFolder folder;
  const fs::path file = folder / "x";
  put(file, "old");
  const auto refused = [&](const Tensor& item, const std::string& part) {
    TensorFile content;
    content.tensors = {tensor<float>("a", DType::f32, {1}, {1}), item};
    try {
      write_safetensors(file, content);
    } catch (const std::invalid_argument& error) {
      CAPTURE(std::string(error.what()));
      CHECK(contains(error.what(), part));
      return true;
    }
    return false;
  };
  CHECK(refused(tensor<float>("a", DType::f32, {1}, {1}), "'a' is there twice"));
  CHECK(refused(tensor<float>("b", DType::f32, {2}, {1}), "needs 8 bytes, it has 4"));
  CHECK(refused(tensor<float>("b", DType::f32, {}, {1, 2}), "needs 4 bytes, it has 8"));
  CHECK(refused(tensor<float>("b", DType::f64, {1}, {1}), "needs 8 bytes, it has 4"));
  CHECK(refused(tensor<float>("b", DType::f32, {-1}, {}), "negative dimension or overflows"));
  CHECK(refused(tensor<float>("b", DType::f32, {-1, -1}, {1}), "negative dimension or overflows"));
  CHECK(refused(tensor<float>("b", DType::f32, {std::int64_t{1} << 62, 4}, {}), "negative dimension or overflows"));
  CHECK(refused(tensor<float>("__metadata__", DType::f32, {1}, {1}), "keeps this name"));
  CHECK(refused(tensor<float>("\xFF", DType::f32, {1}, {1}), "UTF-8"));
  CHECK(refused(tensor<float>("b", static_cast<DType>(99), {1}, {1}), "no such type: 99"));
  TensorFile bad_metadata;
  bad_metadata.metadata = {{"k", "\xC3"}};
  CHECK_THROWS_AS(write_safetensors(file, bad_metadata), std::invalid_argument);
  for (const char* key : {"seal_header", "seal_tensors"}) {
    TensorFile reserved;
    reserved.metadata = {{key, ""}};
    CHECK_THROWS_AS(write_safetensors(file, reserved), std::invalid_argument);
  }
  CHECK(get(file) == "old");
  CHECK(folder.names() == std::set<std::string>{"x"});
}

TEST_CASE("safetensors: sizes of the types") {
  CHECK(duel::size_of(DType::u8) == 1);
  CHECK(duel::size_of(DType::i64) == 8);
  CHECK(duel::size_of(DType::f32) == 4);
  CHECK(duel::size_of(DType::f64) == 8);
}
