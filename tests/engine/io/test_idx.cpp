#include "engine/io/idx.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <set>

#include "tests/engine/io/idx_files.h"
#include "tests/engine/io/idx_malformed.h"
#include "tests/support/catch.h"

namespace duel {
namespace {

using namespace test;

// Names the file first, then says what was expected, what was found, and ends in a sentence on how to mend it.
void check_is_helpful(const std::string& message, const std::filesystem::path& file) {
  INFO("message: " << message);
  CHECK(message.rfind(file.string() + ": ", 0) == 0);
  CHECK(message.find("expected ") != std::string::npos);
  CHECK(message.find(", found ") != std::string::npos);
  CHECK(message.find(". ") != std::string::npos);
  CHECK(message.back() == '.');
}

void check_corpus(const std::vector<MalformedFile>& corpus, const std::function<void(std::filesystem::path)>& read) {
  const TemporaryFolder folder;
  std::set<std::string> names;
  for (const auto& bad : corpus) {
    DYNAMIC_SECTION(bad.name) {
      const auto file = folder.write("data", bad.content);
      const std::string message = message_of([&] { read(file); });
      check_is_helpful(message, file);
      for (const auto& part : bad.says) check_says(message, part);
    }
    CHECK(names.insert(bad.name).second);
  }
}

// Anything that opens a FIFO in the usual way waits for a writer that never comes: end the test instead.
class HangGuard {
 public:
  HangGuard() { alarm(60); }
  ~HangGuard() { alarm(0); }
  HangGuard(const HangGuard&) = delete;
  HangGuard& operator=(const HangGuard&) = delete;
};

long peak_memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

TEST_CASE("images are read, plain and gzip-compressed, whatever the file's name") {
  const TemporaryFolder folder;
  const Bytes plain = images(2, 3, 4);
  const Bytes deflated = gzip(plain);
  for (const auto& content : {plain, deflated, gzip(plain, true), gzip(first(9, plain)) + gzip(last(31, plain)),
                              gzip({}) + deflated + gzip({})}) {
    for (const char* name : {"images", "images.gz"}) {
      const ImageSet set = read_idx_images(folder.write(name, content));
      CHECK(set.count == 2);
      CHECK(set.height == 3);
      CHECK(set.width == 4);
      CHECK(set.channels == 1);
      CHECK(set.pixels == pattern(24));
      CHECK(set.labels.empty());
    }
  }
}

TEST_CASE("images of 4 dimensions have channels, as planes") {
  const TemporaryFolder folder;
  for (const std::uint32_t channels : {1u, 3u}) {
    const ImageSet set =
        read_idx_images(folder.write("images", header(8, {2, channels, 3, 4}) + pattern(24 * channels)));
    CHECK((set.count == 2 && set.channels == static_cast<int>(channels) && set.height == 3 && set.width == 4));
    CHECK(set.pixels == pattern(24 * channels));
  }
}

TEST_CASE("labels are read, plain and gzip-compressed") {
  const TemporaryFolder folder;
  const Bytes expected = last(12, labels(12));
  CHECK(read_idx_labels(folder.write("labels", labels(12))) == expected);
  CHECK(read_idx_labels(folder.write("labels", gzip(labels(12)))) == expected);
  CHECK(read_idx_labels(folder.write("labels", labels(1))) == Bytes{0});
  const Bytes odd = {26, 1, 47, 255, 0};  // letters of EMNIST begin with 1
  CHECK(read_idx_labels(folder.write("labels", header(8, {5}) + odd)) == odd);
}

TEST_CASE("images larger than every buffer are read whole") {
  const TemporaryFolder folder;
  for (const std::uint32_t count : {1337u, 5000u}) {  // more than the first step of 1 MiB; more than two steps
    const Bytes plain = images(count, 28, 28);
    const Bytes expected = pattern(std::size_t{count} * 28 * 28);
    CHECK(read_idx_images(folder.write("plain", plain)).pixels == expected);
    CHECK(read_idx_images(folder.write("gzip", gzip(plain))).pixels == expected);
  }
}

TEST_CASE("a link to a good file is read") {
  const TemporaryFolder folder;
  folder.write("images", images(1, 2, 2));
  std::filesystem::create_symlink("images", folder.path() / "link");
  CHECK(read_idx_images(folder.path() / "link").count == 1);
}

TEST_CASE("malformed image files are refused") {
  check_corpus(malformed_images(), read_idx_images);
}

TEST_CASE("malformed label files are refused") {
  check_corpus(malformed_labels(), read_idx_labels);
}

TEST_CASE("malformed gzip files are refused") {
  check_corpus(malformed_gzip(), read_idx_images);
}

TEST_CASE("every truncation and every appended byte is refused") {
  const TemporaryFolder folder;
  for (const Bytes& good : {images(2, 3, 4), gzip(images(2, 3, 4)), gzip(images(2, 3, 4), true)}) {
    for (std::size_t size = 0; size < good.size(); ++size) {
      CHECK_THROWS_AS(read_idx_images(folder.write("data", first(size, good))), DataError);
    }
    for (unsigned byte = 0; byte < 256; ++byte) {
      const Bytes longer = good + Bytes{static_cast<std::uint8_t>(byte)};
      CHECK_THROWS_AS(read_idx_images(folder.write("data", longer)), DataError);
    }
  }
}

TEST_CASE("every flipped bit of a plain header is refused") {
  const TemporaryFolder folder;
  const Bytes good = images(2, 3, 4);
  for (std::size_t bit = 0; bit < 16 * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    CHECK_THROWS_AS(read_idx_images(folder.write("data", bad)), DataError);
  }
}

// Harmless bits: the time, two informative bytes and the text flag (49 bits; a header checksum covers them where there
// is one), and the padding of the deflate data to a whole byte (7 at most).
TEST_CASE("every flipped bit of a gzip file is refused or changes nothing") {
  const TemporaryFolder folder;
  for (const bool with_header_checksum : {false, true}) {
    const Bytes good = gzip(images(2, 3, 4), with_header_checksum);
    int harmless = 0;
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
      Bytes flipped = good;
      flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
      const auto file = folder.write("data", flipped);
      try {
        const ImageSet set = read_idx_images(file);
        CHECK(set.pixels == pattern(24));
        ++harmless;
      } catch (const DataError&) {
      }
    }
    CHECK(harmless <= (with_header_checksum ? 7 : 49 + 7));
  }
}

TEST_CASE("a header alone does not make the readers allocate") {
  const TemporaryFolder folder;
  const Bytes giant_images = header(8, {2147483632u, 1, 1}), giant_labels = header(8, {2147483640u});
  for (const bool compressed : {false, true}) {
    const auto packed = [compressed](const Bytes& bytes) { return compressed ? gzip(bytes) : bytes; };
    CHECK_THROWS_AS(read_idx_images(folder.write("images", packed(giant_images))), DataError);
    CHECK_THROWS_AS(read_idx_labels(folder.write("labels", packed(giant_labels))), DataError);
  }
  CHECK(peak_memory_mib() < 1024);  // of this whole program; twice as much was announced
}

TEST_CASE("what is not a readable data file is refused at once") {
  const HangGuard guard;
  const TemporaryFolder folder;
  const auto file = folder.path() / "data";
  std::string says;
  SECTION("nothing") {
    says = "no such file";
  }
  SECTION("an empty file") {
    folder.write("data", "");
    says = "empty file";
  }
  SECTION("a FIFO") {
    REQUIRE(mkfifo(file.c_str(), 0600) == 0);
    says = "a FIFO";
  }
  SECTION("a link to a FIFO") {
    REQUIRE(mkfifo((folder.path() / "fifo").c_str(), 0600) == 0);
    std::filesystem::create_symlink("fifo", file);
    says = "a FIFO";
  }
  SECTION("a folder") {
    std::filesystem::create_directory(file);
    says = "a folder";
  }
  SECTION("a device") {
    std::filesystem::create_symlink("/dev/zero", file);
    says = "a device";
  }
  SECTION("a socket") {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(file.string().size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, file.c_str(), file.string().size());
    const int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    const int result = bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    close(descriptor);
    REQUIRE(result == 0);
    says = "a socket";
  }
  SECTION("a dangling link") {
    std::filesystem::create_symlink("nowhere", file);
    says = "a symbolic link to a file that does not exist";
  }
  SECTION("a looping link") {
    std::filesystem::create_symlink("data", file);
    says = std::strerror(ELOOP);
  }
  SECTION("a link to a file below a file") {
    folder.write("plain", images(1, 1, 1));
    std::filesystem::create_symlink("plain/images", file);
    says = "a symbolic link to a file that does not exist";
  }
  SECTION("a file above 2 GiB") {
    folder.write("data", images(1, 1, 1));
    std::filesystem::resize_file(file, (std::uintmax_t{1} << 31) + 1);  // sparse: takes no space
    says = "at most 2147483648 bytes, found 2147483649 bytes";
  }
  SECTION("a file without permission") {
    if (geteuid() == 0) {
      WARN("skipped: permissions do not bind the superuser");
      return;
    }
    folder.write("data", images(1, 1, 1));
    std::filesystem::permissions(file, std::filesystem::perms::none);
    says = std::strerror(EACCES);
  }
  for (const auto& read :
       {std::function<void()>([&] { read_idx_images(file); }), std::function<void()>([&] { read_idx_labels(file); })}) {
    const std::string message = message_of(read);
    check_is_helpful(message, file);
    check_says(message, says);
  }
}

}  // namespace
}  // namespace duel
