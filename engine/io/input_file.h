// Reading untrusted input files: plain or gzip-compressed, from front to back, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/io/data_error.h"
#include "files/descriptor.h"

namespace duel {

/// A regular file read from front to back. gzip content (RFC 1952, told by its first two bytes, whatever the name) is
/// decompressed on the way; several members in a row read as one, anything else after a member is an error.
class InputFile {
 public:
  static constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 31;  ///< larger files are refused

  /// Throws DataError, without waiting, unless `file` is a readable, non-empty regular file of at most kMaxBytes
  /// (so a FIFO, a folder, a device, a dangling or a looping link are refused).
  explicit InputFile(std::filesystem::path file);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  /// Fills `out` and returns its size; fewer bytes mean that the content ends there. Decompresses no more than
  /// asked for. A gzip checksum is verified once the end of its member is reached, so read until the end.
  /// Throws DataError for damaged or truncated gzip data and for a disk that fails.
  std::size_t read(std::span<std::uint8_t> out);

  /// What is left of the content. Throws as read(), and where it is more than `most` bytes.
  std::vector<std::uint8_t> read_all(std::uint64_t most = kMaxBytes);
  /// The next `count` bytes, fewer where the content ends before. The memory grows with the bytes that are really
  /// there, so that a header alone cannot make it large. Byte: std::uint8_t or std::byte. Throws as read().
  template <class Byte>
  std::vector<Byte> read_up_to(std::uint64_t count);

  /// How to name a position in the content, e.g. "byte 16 of the decompressed data".
  std::string place(std::uint64_t offset) const;

  /// Throws the DataError "FILE: PLACE: expected EXPECTED, found FOUND. MEND" (an empty place is left out).
  [[noreturn]] void fail(const std::string& place, const std::string& expected, const std::string& found,
                         const std::string& mend = "Download it again.") const;

 private:
  struct Gzip;

  void check_kind() const;
  void open();
  std::size_t read_raw(std::span<std::uint8_t> out);
  std::size_t read_gzip(std::span<std::uint8_t> out);
  bool have_input();
  bool start_of_member();
  void inflate_some();

  std::filesystem::path file_;
  Descriptor descriptor_;
  std::unique_ptr<Gzip> gzip_;  ///< none for a plain file
};

}  // namespace duel
