#include "engine/io/npy.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "engine/io/input_file.h"
#include "engine/io/npy_header.h"
#include "files/text.h"

namespace duel {
namespace {

constexpr std::string_view kNpyMagic = "\x93NUMPY";
constexpr std::size_t kVersionBytes = 2;
constexpr std::size_t kMostHeaderBytes = 65'536;  // of three short entries; NumPy itself asks beyond 10,000
constexpr std::size_t kNpyAlignment = 64;         // of the values in the file
constexpr char kSaveAgain[] = "Write it again with numpy.save.";

template <std::size_t count>
std::array<std::uint8_t, count> read_bytes(InputFile& input, std::uint64_t offset) {
  std::array<std::uint8_t, count> bytes{};
  const std::size_t found = input.read(bytes);
  if (found < count) input.fail(input.place(offset + found), "a .npy file's header", "the end", kSaveAgain);
  return bytes;
}

void check_npy_magic(InputFile& input) {
  const auto magic = read_bytes<kNpyMagic.size()>(input, 0);
  const std::string_view found(reinterpret_cast<const char*>(magic.data()), magic.size());
  if (found == kNpyMagic) return;
  if (found.starts_with("PK\x03\x04")) {
    input.fail(input.place(0), "a .npy file, one array", "a zip archive, as numpy.savez writes",
               "In NumPy: numpy.save(FILE, numpy.load(ARCHIVE)[NAME]).");
  }
  input.fail(input.place(0), R"("\x93NUMPY", the start of a .npy file)", in_quotes(found),
             "In NumPy: numpy.save(FILE, array).");
}

/// Returns where the values begin as well.
std::pair<npy::Header, std::uint64_t> read_npy_header(InputFile& input) {
  check_npy_magic(input);
  const auto version = read_bytes<kVersionBytes>(input, kNpyMagic.size());
  if (version[0] < 1 || version[0] > 3 || version[1] != 0) {
    input.fail(input.place(kNpyMagic.size()), "version 1.0, 2.0 or 3.0",
               std::to_string(version[0]) + "." + std::to_string(version[1]), kSaveAgain);
  }
  std::uint64_t offset = kNpyMagic.size() + kVersionBytes;
  std::size_t length = 0;
  const auto add_length = [&](auto bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) length |= std::size_t{bytes[i]} << 8 * i;
    offset += bytes.size();
  };
  version[0] == 1 ? add_length(read_bytes<2>(input, offset)) : add_length(read_bytes<4>(input, offset));
  if (length > kMostHeaderBytes) {
    input.fail(input.place(kNpyMagic.size() + kVersionBytes),
               "a header of at most " + std::to_string(kMostHeaderBytes) + " bytes", std::to_string(length),
               kSaveAgain);
  }
  const auto text = input.read_up_to<std::uint8_t>(length);
  if (text.size() < length) {
    input.fail(input.place(offset + text.size()), "a header of " + std::to_string(length) + " bytes",
               "the end after " + std::to_string(text.size()), kSaveAgain);
  }
  const auto refuse = [&](std::size_t at, const std::string& expected, const std::string& found) {
    input.fail(input.place(offset + at) + " (header)", expected, found, kSaveAgain);
  };
  return {npy::parse_header({reinterpret_cast<const char*>(text.data()), text.size()}, refuse), offset + length};
}

DType type_of(const InputFile& input, const std::string& descr) {
  // A byte has no order: NumPy writes '|', others may not.
  const std::string plain = descr == "<u1" || descr == ">u1" || descr == "u1" ? "|u1" : descr;
  const auto found =
      std::find_if(std::begin(kDTypes), std::end(kDTypes), [&](const auto& info) { return info.numpy == plain; });
  if (found != std::end(kDTypes)) return found->type;
  if (descr.find('O') != std::string::npos) {
    input.fail("descr", "numbers", "Python objects, a pickle, which is never read",
               "In NumPy: numpy.save(FILE, numpy.stack(array).astype(numpy.float32)).");
  }
  input.fail("descr", "'|u1', '<i8', '<f4' or '<f8' (uint8, int64, float32 or float64, little-endian)",
             in_quotes(descr), "In NumPy: array.astype('<f4') for numbers, array.astype('|u1') for pixels.");
}

std::string tuple_text(const std::vector<std::int64_t>& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

}  // namespace

Tensor read_npy(const std::filesystem::path& file) {
  InputFile input(file);
  auto [header, begin] = read_npy_header(input);
  if (header.fortran_order) {
    input.fail("fortran_order", "False: an array that lies row by row", "True",
               "In NumPy: numpy.save(FILE, numpy.ascontiguousarray(array)).");
  }
  Tensor tensor{"", type_of(input, header.descr), std::move(header.shape), {}};
  const auto count = byte_count(tensor.shape, tensor.type);
  if (!count || *count > InputFile::kMaxBytes) {
    input.fail("shape", "at most " + std::to_string(InputFile::kMaxBytes) + " bytes of values",
               tuple_text(tensor.shape), "Write fewer values; larger files are not supported.");
  }
  const std::string announced =
      std::to_string(*count) + " bytes after the header, of the shape " + tuple_text(tensor.shape);
  tensor.bytes = input.read_up_to<std::byte>(*count);
  if (tensor.bytes.size() < *count) {
    input.fail(input.place(begin + tensor.bytes.size()), announced,
               "the end after " + std::to_string(tensor.bytes.size()), kSaveAgain);
  }
  std::uint8_t extra = 0;
  if (input.read({&extra, 1}) != 0) input.fail(input.place(begin + *count), announced, "trailing bytes", kSaveAgain);
  return tensor;
}

std::vector<std::byte> encode_npy(const Tensor& tensor) {
  if (byte_count(tensor.shape, tensor.type) != tensor.bytes.size()) {
    throw std::invalid_argument("encode_npy: the shape " + tuple_text(tensor.shape) + " disagrees with " +
                                std::to_string(tensor.bytes.size()) + " bytes");
  }
  std::string header = "{'descr': '" + std::string(info_of(tensor.type).numpy) +
                       "', 'fortran_order': False, 'shape': " + tuple_text(tensor.shape) + ", }";
  const std::size_t before = kNpyMagic.size() + kVersionBytes + 2;
  const std::size_t end = (before + header.size() + 1 + kNpyAlignment - 1) / kNpyAlignment * kNpyAlignment;
  header.resize(end - before - 1, ' ');
  header += '\n';
  if (header.size() > 0xffff) throw std::invalid_argument("encode_npy: the shape is too long for version 1.0");
  std::string start(kNpyMagic);
  for (const std::size_t byte : {std::size_t{1}, std::size_t{0}, header.size() & 0xff, header.size() >> 8}) {
    start += static_cast<char>(byte);
  }
  start += header;
  const auto bytes = std::as_bytes(std::span(start));
  std::vector<std::byte> file(bytes.begin(), bytes.end());
  file.insert(file.end(), tensor.bytes.begin(), tensor.bytes.end());
  return file;
}

}  // namespace duel
