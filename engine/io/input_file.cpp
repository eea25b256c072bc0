#include "engine/io/input_file.h"
#include "files/text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <new>
#include <system_error>
#include <utility>

namespace duel {
namespace {

constexpr std::uint8_t kGzipMagic[2] = {0x1f, 0x8b};
constexpr std::size_t kFirstStepBytes = std::size_t{1} << 20;
constexpr std::size_t kInputBufferBytes = 64 * 1024;
constexpr std::size_t kMaxInflateBytes = std::size_t{1} << 30;  // zlib counts in 32 bits
constexpr char kGiveAFile[] = "Give the name of a data file.";

std::string describe(std::filesystem::file_type type) {
  switch (type) {
    case std::filesystem::file_type::directory:
      return "a folder";
    case std::filesystem::file_type::fifo:
      return "a FIFO";
    case std::filesystem::file_type::socket:
      return "a socket";
    default:
      return "a device";
  }
}

std::string message_of(int error) {
  return std::generic_category().message(error);
}

}  // namespace

struct InputFile::Gzip {
  // 16: gzip only, neither zlib nor raw deflate; it also makes zlib verify each member's CRC and length.
  Gzip() {
    if (inflateInit2(&stream, MAX_WBITS + 16) != Z_OK) throw std::bad_alloc();
  }
  ~Gzip() { inflateEnd(&stream); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  std::uint64_t offset() const { return bytes_read - stream.avail_in; }  ///< in the compressed file

  z_stream stream{};
  std::array<std::uint8_t, kInputBufferBytes> input{};
  std::uint64_t bytes_read = 0;
  bool between_members = true;
};

InputFile::InputFile(std::filesystem::path file) : file_(std::move(file)) {
  check_kind();
  open();
  std::uint8_t start[2] = {};
  if (::pread(descriptor_.number(), start, sizeof start, 0) == sizeof start && std::ranges::equal(start, kGzipMagic)) {
    gzip_ = std::make_unique<Gzip>();
  }
}

InputFile::~InputFile() = default;

// Asked before opening: opening a FIFO waits for its writer, and opening a device can have effects.
void InputFile::check_kind() const {
  std::error_code error;
  const auto status = std::filesystem::status(file_, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    std::error_code ignored;
    const bool dangling = std::filesystem::is_symlink(std::filesystem::symlink_status(file_, ignored));
    fail("", "a regular file", dangling ? "a symbolic link to a file that does not exist" : "no such file",
         "Check the name, or download the file.");
  }
  if (error) fail("", "a regular file", "an error (" + error.message() + ")", "Check the name and its permissions.");
  if (!std::filesystem::is_regular_file(status)) fail("", "a regular file", describe(status.type()), kGiveAFile);
}

void InputFile::open() {
  // O_NONBLOCK: should the name have become a FIFO since check_kind(), open() still returns at once.
  descriptor_ =
      Descriptor(without_interruption([&] { return ::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
  struct stat status {};
  if (!descriptor_ || ::fstat(descriptor_.number(), &status) != 0) {
    fail("", "a readable file", "an error (" + message_of(errno) + ")", "Check the file's permissions.");
  }
  if (!S_ISREG(status.st_mode)) fail("", "a regular file", "something else", kGiveAFile);
  if (status.st_size == 0) fail("byte 0", "data", "an empty file");
  const auto bytes = static_cast<std::uint64_t>(status.st_size);
  if (bytes > kMaxBytes) {
    fail("", "at most " + std::to_string(kMaxBytes) + " bytes", std::to_string(bytes) + " bytes",
         "Check that this is the right file; larger ones are not supported.");
  }
}

std::size_t InputFile::read(std::span<std::uint8_t> out) {
  return gzip_ ? read_gzip(out) : read_raw(out);
}

std::vector<std::uint8_t> InputFile::read_all(std::uint64_t most) {
  auto bytes = read_up_to<std::uint8_t>(most + 1);
  if (bytes.size() > most) {
    fail("", "at most " + std::to_string(most) + " bytes", "more", "Check that this is the right file.");
  }
  return bytes;
}

std::size_t InputFile::read_raw(std::span<std::uint8_t> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t count = ::read(descriptor_.number(), out.data() + done, out.size() - done);
    if (count == 0) break;
    if (count > 0) {
      done += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      fail("", "readable data", "a read error (" + message_of(errno) + ")", "Check the disk, or copy the file anew.");
    }
  }
  return done;
}

std::size_t InputFile::read_gzip(std::span<std::uint8_t> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    if (gzip_->between_members && !start_of_member()) break;
    const std::size_t wanted = std::min(out.size() - done, kMaxInflateBytes);
    gzip_->stream.next_out = out.data() + done;
    gzip_->stream.avail_out = static_cast<uInt>(wanted);
    inflate_some();
    done += wanted - gzip_->stream.avail_out;
  }
  return done;
}

// Makes compressed bytes available; false at the end of the file.
bool InputFile::have_input() {
  z_stream& stream = gzip_->stream;
  if (stream.avail_in == 0) {
    stream.next_in = gzip_->input.data();
    stream.avail_in = static_cast<uInt>(read_raw(gzip_->input));
    gzip_->bytes_read += stream.avail_in;
  }
  return stream.avail_in > 0;
}

// False at the end of the file. Checks the first byte only: zlib checks the rest of the member's header.
bool InputFile::start_of_member() {
  z_stream& stream = gzip_->stream;
  if (!have_input()) return false;
  if (stream.next_in[0] != kGzipMagic[0]) {
    fail("byte " + std::to_string(gzip_->offset()), "the end of the file or another gzip member", "trailing bytes");
  }
  inflateReset(&stream);
  gzip_->between_members = false;
  return true;
}

// Advances within one member, until the output is full or the compressed bytes at hand are used up.
void InputFile::inflate_some() {
  z_stream& stream = gzip_->stream;
  if (!have_input()) {
    fail("byte " + std::to_string(gzip_->offset()), "more gzip data", "the end of the file (it is truncated)");
  }
  const int result = inflate(&stream, Z_NO_FLUSH);
  if (result == Z_MEM_ERROR) throw std::bad_alloc();
  if (result == Z_STREAM_END) {
    gzip_->between_members = true;
  } else if (result != Z_OK) {
    fail("byte " + std::to_string(gzip_->offset()), "valid gzip data",
         std::string("damage (") + (stream.msg != nullptr ? stream.msg : "inflate cannot go on") + ")");
  }
}

template <class Byte>
std::vector<Byte> InputFile::read_up_to(std::uint64_t count) {
  std::vector<Byte> bytes;
  while (bytes.size() < count) {
    const std::size_t begin = bytes.size();
    const std::size_t end = std::min<std::uint64_t>(count, std::max(kFirstStepBytes, 2 * begin));
    bytes.reserve(end);  // exactly: resize alone may take up to twice the memory
    bytes.resize(end);
    const std::size_t found = read({reinterpret_cast<std::uint8_t*>(bytes.data()) + begin, end - begin});
    if (found < end - begin) {
      bytes.resize(begin + found);
      break;
    }
  }
  return bytes;
}

template std::vector<std::uint8_t> InputFile::read_up_to(std::uint64_t);
template std::vector<std::byte> InputFile::read_up_to(std::uint64_t);

std::string InputFile::place(std::uint64_t offset) const {
  return "byte " + std::to_string(offset) + (gzip_ ? " of the decompressed data" : "");
}

void InputFile::fail(const std::string& place, const std::string& expected, const std::string& found,
                     const std::string& mend) const {
  throw DataError(excerpt(file_.native(), PATH_MAX) + ": " + (place.empty() ? "" : place + ": ") + "expected " +
                  expected + ", found " + found + ". " + mend);
}

}  // namespace duel
