#include "files/file_lock.h"

#include <system_error>

#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"

using duel::FileLock;
using duel::test::TemporaryFolder;

TEST_CASE("a lock is held while its object lives, and asking takes it from nobody") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "log.txt";
  folder.write("log.txt", "");
  CHECK(!FileLock::is_held(file));
  {
    const auto lock = FileLock::try_for(file);
    REQUIRE(lock);
    CHECK(FileLock::is_held(file));
    CHECK(FileLock::is_held(file));
    CHECK(!FileLock::try_for(file));
  }
  CHECK(!FileLock::is_held(file));
  CHECK(FileLock::try_for(file));
  CHECK_THROWS_AS(FileLock::is_held(folder.path() / "absent"), std::system_error);
}
