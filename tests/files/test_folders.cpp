#include "files/folders.h"

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
      } catch (const std::system_error& error) {
        message = error.what();
      }
    }
    CHECK(contains(message, folder.path().string()));
    CHECK(contains(message, "Input/output error"));
  }
}

TEST_CASE("folders are made with what is missing above them, unless a file or a link to nothing stands there") {
  const TemporaryFolder folder;
  make_folders(folder / "a" / "b" / "c");
  make_folders(folder / "a" / "b" / "c");
  CHECK(std::filesystem::is_directory(folder / "a" / "b" / "c"));
  check_folder_name("--outdir", folder / "a" / "new" / "one");
  CHECK(!std::filesystem::exists(folder / "a" / "new"));

  put(folder / "file", "");
  std::filesystem::create_symlink("nothing", folder / "broken");
  std::filesystem::create_symlink("loop", folder / "loop");
  std::filesystem::create_symlink("a", folder / "link");
  check_folder_name("--outdir", folder / "link");
  for (const char* name : {"file", "file/below", "broken", "broken/below", "loop"}) {
    CAPTURE(name);
    std::string message;
    try {
      check_folder_name("--outdir", folder / name);
    } catch (const std::system_error& error) {
      message = error.what();
    }
    CHECK(contains(message, "--outdir: '" + (folder / name).string() + "': expected a folder"));
    CHECK_THROWS_AS(make_folders(folder / name), std::system_error);
  }
  CHECK(make_folder(folder / "one"));
  CHECK(!make_folder(folder / "one"));
  try {
    make_folder(folder / "missing/one");
    FAIL("expected an error");
  } catch (const std::system_error& error) {
    CHECK(contains(error.what(), "cannot make the folder '" + (folder / "missing/one").string() + "'; check"));
  }
}

}  // namespace duel::test
