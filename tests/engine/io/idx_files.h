// What the IDX tests need: files made in memory, environment variables, error messages.
#pragma once

#include <stdlib.h>
#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/data_error.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"

namespace duel::test {

using Bytes = std::vector<std::uint8_t>;

inline Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline Bytes text(std::string_view characters) {
  return Bytes(characters.begin(), characters.end());
}

inline Bytes first(std::size_t count, const Bytes& bytes) {
  return Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
}

inline Bytes without_last(std::size_t count, const Bytes& bytes) {
  return first(bytes.size() - count, bytes);
}

inline Bytes last(std::size_t count, const Bytes& bytes) {
  return Bytes(bytes.end() - static_cast<std::ptrdiff_t>(count), bytes.end());
}

inline Bytes with_byte(std::size_t offset, std::uint8_t value, Bytes bytes) {
  bytes.at(offset) = value;
  return bytes;
}

/// Two zero bytes, the type, the number of sizes given, the sizes (big-endian).
inline Bytes header(std::uint8_t type, std::initializer_list<std::uint32_t> sizes) {
  Bytes bytes = {0, 0, type, static_cast<std::uint8_t>(sizes.size())};
  for (const std::uint32_t size : sizes) {
    for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(size >> shift));
  }
  return bytes;
}

/// 1, 2, 3, ... (mod 251): no two neighbours are equal.
inline Bytes pattern(std::size_t count) {
  Bytes bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>((i + 1) % 251);
  return bytes;
}

inline Bytes images(std::uint32_t count, std::uint32_t height, std::uint32_t width) {
  return header(8, {count, height, width}) + pattern(std::size_t{count} * height * width);
}

/// Labels 0, 1, ..., 9, 0, ...
inline Bytes labels(std::uint32_t count) {
  Bytes bytes(count);
  for (std::uint32_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(i % 10);
  return header(8, {count}) + bytes;
}

/// One gzip member; with_header_fields adds a file name, a comment, an extra field and a header CRC.
inline Bytes gzip(Bytes bytes, bool with_header_fields = false) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("deflateInit2");
  }
  Bytes name = text("train-images"), comment = text("a comment"), extra = text("extra");
  name.push_back(0);
  comment.push_back(0);
  gz_header fields{};
  fields.name = name.data();
  fields.comment = comment.data();
  fields.extra = extra.data();
  fields.extra_len = static_cast<uInt>(extra.size());
  fields.hcrc = 1;
  if (with_header_fields) deflateSetHeader(&stream, &fields);
  Bytes out(deflateBound(&stream, bytes.size()) + 64);
  stream.next_in = bytes.data();
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("deflate");
  return out;
}

/// A folder with 2 training images of 3 x 4 pixels and 1 test image of 5 x 6.
inline void write_dataset(const TemporaryFolder& folder, const std::filesystem::path& subfolder, bool compressed) {
  const auto write = [&](const std::string& name, const Bytes& bytes) {
    folder.write(subfolder / (name + (compressed ? ".gz" : "")), compressed ? gzip(bytes) : bytes);
  };
  write("train-images-idx3-ubyte", images(2, 3, 4));
  write("train-labels-idx1-ubyte", labels(2));
  write("t10k-images-idx3-ubyte", images(1, 5, 6));
  write("t10k-labels-idx1-ubyte", labels(1));
}

/// Damages the CRC-32 of the last gzip member.
inline Bytes wrong_checksum(Bytes bytes) {
  bytes.at(bytes.size() - 8) ^= 1;
  return bytes;
}

/// The message of the DataError that `act` must throw.
inline std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const DataError& error) {
    return error.what();
  }
  FAIL("no DataError was thrown");
  return "";
}

inline void check_says(const std::string& message, const std::string& part) {
  INFO("message: " << message);
  INFO("must contain: " << part);
  CHECK(message.find(part) != std::string::npos);
}

/// Sets (or, without a value, unsets) an environment variable and restores it at the end of the scope.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const std::optional<std::string>& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    assign(value);
  }
  ~ScopedVariable() { assign(old_); }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  void assign(const std::optional<std::string>& value) const {
    if (value) {
      setenv(name_, value->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }

  const char* name_;
  std::optional<std::string> old_;
};

}  // namespace duel::test
