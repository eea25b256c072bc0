#include "engine/io/safetensors.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/io/safetensors_header.h"
#include "engine/io/safetensors_seal.h"
#include "files/atomic_file.h"
#include "files/descriptor.h"
#include "files/text.h"

namespace duel {
namespace {

using safetensors::Complaint;
using safetensors::kMaxHeaderBytes;
using safetensors::kMetadataKey;
using safetensors::kPrefixBytes;

/// A regular file, read from its start to its end.
class Source {
 public:
  Source(const std::filesystem::path& file, const Complaint& complain) : complain_(complain) {
    // O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
    descriptor_ = Descriptor(
        without_interruption([&] { return ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC); }));
    struct stat status {};
    if (!descriptor_ || ::fstat(descriptor_.number(), &status) != 0) {
      complain_("opening", "a readable file", std::generic_category().message(errno),
                "Check the path and permissions.");
    }
    if (!S_ISREG(status.st_mode)) {
      complain_("opening", "a regular file", "a folder, pipe or device", "Give the path of a safetensors file.");
    }
    size_ = static_cast<std::uint64_t>(status.st_size);
  }

  std::uint64_t size() const { return size_; }
  std::uint64_t position() const { return position_; }

  void read(std::span<std::byte> target) {
    while (!target.empty()) {
      const auto count =
          without_interruption([&] { return ::read(descriptor_.number(), target.data(), target.size()); });
      if (count <= 0) {
        complain_("byte " + std::to_string(position_), std::to_string(target.size()) + " more bytes",
                  count == 0 ? "that the file has become shorter" : std::generic_category().message(errno));
      }
      position_ += static_cast<std::uint64_t>(count);
      target = target.subspan(static_cast<std::size_t>(count));
    }
  }

 private:
  const Complaint& complain_;
  Descriptor descriptor_;
  std::uint64_t size_ = 0, position_ = 0;
};

/// A zip file, as torch.save writes today, or a pickle of protocol 2 to 5.
bool is_pickle(const std::array<std::byte, kPrefixBytes>& start) {
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned char>(start[i]); };
  return (at(0) == 'P' && at(1) == 'K' && at(2) == 3 && at(3) == 4) || (at(0) == 0x80 && at(1) >= 2 && at(1) <= 5);
}

std::string read_header_text(Source& source, const Complaint& complain) {
  if (source.size() < kPrefixBytes) {
    complain("byte 0", "a header length of 8 bytes", "a file of " + std::to_string(source.size()) + " bytes");
  }
  std::array<std::byte, kPrefixBytes> prefix;
  source.read(prefix);
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < kPrefixBytes; ++i) length |= std::to_integer<std::uint64_t>(prefix[i]) << (8 * i);
  const std::uint64_t longest = std::min(kMaxHeaderBytes, source.size() - kPrefixBytes);
  if (length == 0 || length > longest) {
    if (is_pickle(prefix)) {
      complain("byte 0", "a safetensors file", "what torch.save writes, a pickle, which is never read",
               "In PyTorch: safetensors.torch.save_file(module.state_dict(), FILE).");
    }
    complain("byte 0",
             "a header length from 1 to " + std::to_string(longest) + " (the rest of the file, at most " +
                 std::to_string(kMaxHeaderBytes) + ")",
             std::to_string(length));
  }
  std::string text(length, '\0');
  source.read(std::as_writable_bytes(std::span(text)));
  if (text.front() != '{') complain("byte 8 (header)", "'{'", in_quotes(text.substr(0, 1)));
  // The JSON parser would take a zero byte for the end of its input and not look at what follows.
  if (const auto zero = text.find('\0'); zero != std::string::npos) {
    complain("byte " + std::to_string(kPrefixBytes + zero) + " (header)", "valid JSON in UTF-8", "a zero byte");
  }
  text.erase(text.find_last_not_of(' ') + 1);
  if (text.back() != '}') {
    complain("byte " + std::to_string(kPrefixBytes + text.size() - 1) + " (header)",
             "'}' and nothing but spaces after it", in_quotes(text.substr(text.size() - 1)));
  }
  return text;
}

[[noreturn]] void refuse_to_write(const std::string& reason) {
  throw std::invalid_argument("a safetensors file: " + reason);
}

void check_content(const TensorFile& content) {
  for (const std::string_view key : {safetensors::kHeaderSealKey, safetensors::kTensorSealKey}) {
    if (content.metadata.count(std::string(key)) > 0) {
      refuse_to_write("metadata " + in_quotes(key) + ": the seal keeps this name for itself");
    }
  }
  std::set<std::string_view> names;
  for (const Tensor& tensor : content.tensors) {
    const std::string name = "tensor " + in_quotes(tensor.name);
    if (tensor.name == kMetadataKey) refuse_to_write(name + ": the format keeps this name for itself");
    if (!names.insert(tensor.name).second) refuse_to_write(name + " is there twice");
    const std::optional<std::uint64_t> bytes = byte_count(tensor.shape, tensor.type);
    if (!bytes) refuse_to_write(name + ": its shape has a negative dimension or overflows");
    if (*bytes != tensor.bytes.size()) {
      refuse_to_write(name + ": its shape needs " + std::to_string(*bytes) + " bytes, it has " +
                      std::to_string(tensor.bytes.size()));
    }
  }
}

/// The header with its length before it.
std::string with_length(const std::string& header) {
  if (header.size() > kMaxHeaderBytes) refuse_to_write("the header exceeds the format's 100 MB");
  std::string prefix;
  for (std::size_t i = 0; i < kPrefixBytes; ++i) prefix += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return prefix + header;
}

}  // namespace

const Tensor* TensorFile::find(const std::string& name) const {
  for (const Tensor& tensor : tensors) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

std::string TensorFile::names_text() const {
  constexpr std::size_t kMost = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(kMost, tensors.size()); ++i)
    text += (i ? ", " : "") + in_quotes(tensors[i].name);
  if (tensors.size() > kMost) text += " and " + std::to_string(tensors.size() - kMost) + " more";
  return text.empty() ? "none" : text;
}

TensorFile read_safetensors(const std::filesystem::path& file) {
  const Complaint complain(file);
  Source source(file, complain);
  const std::string text = read_header_text(source, complain);
  safetensors::Header header = safetensors::parse_header(text, source.size() - source.position(), complain);
  const auto checksums = safetensors::take_seal(header, text, complain);

  TensorFile content;
  content.metadata = std::move(header.metadata);
  content.tensors.reserve(header.entries.size());
  for (safetensors::Entry& entry : header.entries) {
    Tensor tensor{std::move(entry.name), entry.type, std::move(entry.shape), {}};
    tensor.bytes.resize(entry.end - entry.begin);
    source.read(tensor.bytes);
    if (checksums) safetensors::check_tensor(tensor, (*checksums)[content.tensors.size()], complain);
    content.tensors.push_back(std::move(tensor));
  }
  return content;
}

std::string plain_safetensors(const TensorFile& content) {
  check_content(content);
  std::string bytes = with_length(safetensors::format_header(content.metadata, content.tensors));
  for (const Tensor& tensor : content.tensors) {
    bytes.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  }
  return bytes;
}

void write_safetensors(const std::filesystem::path& file, const TensorFile& content) {
  check_content(content);
  const std::string header = with_length(safetensors::format_sealed_header(content));
  std::vector<std::span<const std::byte>> chunks{std::as_bytes(std::span(header))};
  for (const Tensor& tensor : content.tensors) chunks.push_back(tensor.bytes);
  write_file_atomically(file, chunks);
}

}  // namespace duel
