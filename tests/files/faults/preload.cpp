// For LD_PRELOAD: DUEL_FILE_FAULTS="operation=17 error=28 goes_on=0 kills=0 interrupts=0 longest=1 trace=FILE", in any
// order, says which operations of the program fail. Children of the program run without faults.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "tests/files/faults/file_faults.h"

namespace {

duel::test::FileFaults faults_of(const std::string& text) {
  duel::test::FileFaults faults;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    const std::string key = word.substr(0, equals), value = equals == word.npos ? "" : word.substr(equals + 1);
    if (key == "operation") faults.failing_operation = std::stoi(value);
    if (key == "error") faults.error = std::stoi(value);
    if (key == "goes_on") faults.goes_on = value == "1";
    if (key == "kills") faults.kills = value == "1";
    if (key == "interrupts") faults.interrupts = value == "1";
    if (key == "longest") faults.longest = std::stoul(value);
    if (key == "trace") {
      // Far from the numbers that the program's own files get.
      const int file = open(value.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
      faults.trace = fcntl(file, F_DUPFD_CLOEXEC, 500);
      close(file);
    }
  }
  return faults;
}

[[gnu::constructor]] void begin() {
  const char* text = std::getenv("DUEL_FILE_FAULTS");
  if (text == nullptr) return;
  new duel::test::InjectFileFaults(faults_of(text));  // to the very end of the program
  unsetenv("DUEL_FILE_FAULTS");
}

}  // namespace
