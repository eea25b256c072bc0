#include "app/data/zip_entry.h"

#include "app/errors/exit_code.h"
#include "duel_has.h"
#include "files/optional_packages.h"

#if DUEL_HAS_ZIP
#include <zip.h>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/io/data_error.h"
#include "files/atomic_file.h"
#include "files/text.h"
#endif

namespace duel::app {

#if DUEL_HAS_ZIP
namespace {

constexpr zip_uint64_t kMostBytes = zip_uint64_t{1} << 31;

[[noreturn]] void fail(const std::filesystem::path& archive, const std::string& expected, const std::string& found) {
  throw DataError(archive.string() + ": expected " + expected + ", found " + found +
                  ". Remove it, and download it again.");
}

}  // namespace

void require_archives() {}

void extract_zip_entry(const std::filesystem::path& archive, const std::string& entry,
                       const std::filesystem::path& target) {
  int code = 0;
  const std::unique_ptr<zip_t, void (*)(zip_t*)> zip(zip_open(archive.c_str(), ZIP_RDONLY, &code), zip_discard);
  if (!zip) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    fail(archive, "a ZIP archive", text);
  }
  zip_stat_t status;
  if (zip_stat(zip.get(), entry.c_str(), 0, &status) != 0 || (status.valid & ZIP_STAT_SIZE) == 0) {
    fail(archive, "an entry " + in_quotes(entry), zip_strerror(zip.get()));
  }
  if (status.size > kMostBytes) fail(archive, "an entry of at most 2 GiB", std::to_string(status.size) + " bytes");
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(zip_fopen(zip.get(), entry.c_str(), 0), zip_fclose);
  if (!file) fail(archive, "an entry that can be read, " + in_quotes(entry), zip_strerror(zip.get()));
  std::vector<std::byte> bytes(status.size);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const zip_int64_t count = zip_fread(file.get(), bytes.data() + done, bytes.size() - done);
    if (count <= 0) fail(archive, "the whole of " + in_quotes(entry), zip_file_strerror(file.get()));
    done += static_cast<std::size_t>(count);
  }
  std::byte more{};  // its checksum is verified at its end
  if (zip_fread(file.get(), &more, 1) != 0)
    fail(archive, "the end of " + in_quotes(entry), zip_file_strerror(file.get()));
  const std::span<const std::byte> chunk(bytes);
  write_file_atomically(target, {&chunk, 1});
}
#else
void require_archives() {
  throw UsageError(without_package("data fetch of an archive", "ZIP"));
}

void extract_zip_entry(const std::filesystem::path&, const std::string&, const std::filesystem::path&) {
  require_archives();
}
#endif

}  // namespace duel::app
