// libFuzzer for one target: fuzz TARGET [libFuzzer's options] [folders with inputs]. Seeds that are made, not kept, go
// to the first folder. Without a target's name it lists them. tools/fuzz.sh calls it.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/fuzz/targets.h"

namespace {

const duel::fuzz::Target* chosen = nullptr;

void write_seeds(const std::filesystem::path& folder) {
  int number = 0;
  for (const std::string& seed : chosen->seeds()) {
    std::ofstream(folder / ("made-" + std::to_string(number++)), std::ios::binary) << seed;
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  const std::string name = *count > 1 ? (*arguments)[1] : "";
  for (const duel::fuzz::Target& target : duel::fuzz::targets()) {
    if (name == target.name) chosen = &target;
    if (name.empty()) std::puts(target.name);
  }
  if (name.empty()) std::exit(0);
  if (chosen == nullptr) {
    std::fprintf(stderr, "fuzz: '%s' is no target; without a name it lists them\n", name.c_str());
    std::exit(2);
  }
  // libFuzzer takes every argument without a dash for a folder.
  std::rotate(*arguments + 1, *arguments + 2, *arguments + *count);
  --*count;
  const auto is_folder = [](const char* argument) { return argument[0] != '-'; };
  const auto folder = std::find_if(*arguments + 1, *arguments + *count, is_folder);
  if (folder != *arguments + *count && std::filesystem::is_directory(*folder)) write_seeds(*folder);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen->run({data, size});
  return 0;
}
