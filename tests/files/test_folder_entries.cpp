#include "files/folder_entries.h"

#include "tests/files/faults/file_faults.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/text.h"

namespace duel::test {

TEST_CASE("folder entries: all of them, or an error that names the folder") {
  const TemporaryFolder folder;
  CHECK(entries_of(folder.path()).empty());
  put(folder / "a", "");
  put(folder / "b", "");
  CHECK(entries_of(folder.path()).size() == 2);
  for (int number = 1; number <= 4; ++number) {  // opening it, ., .., a or b
    CAPTURE(number);
    std::string message;
    {
      FileFaults faults;
      faults.names = number == 1 ? "openat" : "readdir";
      faults.failing_operation = number == 1 ? 1 : number;
      faults.error = EIO;
      const InjectFileFaults injected(faults);
      try {
        entries_of(folder.path());
      } catch (const std::filesystem::filesystem_error& error) {
        message = error.what();
      }
    }
    CHECK(contains(message, folder.path().string()));
    CHECK(contains(message, "Input/output error"));
  }
}

}  // namespace duel::test
