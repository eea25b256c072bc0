// Every reader of foreign bytes takes the inputs of tests/fuzz/corpus and its own seeds, whole, cut off and with single
// bytes changed, without an exception of another kind than it promises, in bounded memory.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/targets.h"
#include "tests/support/catch.h"

namespace {

namespace fs = std::filesystem;
using duel::fuzz::Target;

/// Bounds what this process may allocate while it lives.
class MemoryLimit {
 public:
  explicit MemoryLimit(rlim_t bytes) {
    REQUIRE(getrlimit(RLIMIT_DATA, &before_) == 0);
    const rlimit limit{std::min(bytes, before_.rlim_max), before_.rlim_max};
    REQUIRE(setrlimit(RLIMIT_DATA, &limit) == 0);
  }
  ~MemoryLimit() { setrlimit(RLIMIT_DATA, &before_); }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  rlimit before_{};
};

void run(const Target& target, const std::string& input) {
  target.run({reinterpret_cast<const std::uint8_t*>(input.data()), input.size()});
}

std::vector<std::string> inputs_of(const Target& target) {
  std::vector<std::string> inputs = target.seeds();
  const fs::path folder = fs::path(DUEL_FUZZ_CORPUS) / target.name;
  if (!fs::is_directory(folder)) return inputs;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    std::ifstream stream(entry.path(), std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return inputs;
}

/// The input cut off, and with a byte changed, at up to 64 places each.
std::vector<std::string> damaged(const std::string& input) {
  constexpr std::size_t kPlaces = 64;
  std::vector<std::string> inputs;
  const std::size_t step = input.size() / kPlaces + 1;
  for (std::size_t at = 0; at < input.size(); at += step) {
    inputs.push_back(input.substr(0, at));
    std::string changed = input;
    changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1u << at / step % 8));
    inputs.push_back(changed);
  }
  return inputs;
}

}  // namespace

TEST_CASE("foreign bytes: every reader refuses what it cannot take, and nothing else happens") {
  constexpr rlim_t kMostBytes = rlim_t{1} << 30;
  for (const Target& target : duel::fuzz::targets()) {
    INFO("reader " << target.name);
    const std::vector<std::string> inputs = inputs_of(target);
    REQUIRE(!inputs.empty());
    const MemoryLimit limit(kMostBytes);
    CHECK_NOTHROW(run(target, ""));
    for (const std::string& input : inputs) {
      INFO("input " << input.substr(0, 200));
      CHECK_NOTHROW(run(target, input));
      for (const std::string& other : damaged(input)) CHECK_NOTHROW(run(target, other));
    }
  }
}

TEST_CASE("tools/fuzz.sh knows every reader of foreign bytes") {
  const fs::path script = fs::path(DUEL_FUZZ_CORPUS) / "../../../tools/fuzz.sh";
  std::string usage;
  FILE* const output = popen((script.string() + " --help").c_str(), "r");
  REQUIRE(output != nullptr);
  for (int c; (c = std::fgetc(output)) != EOF;) usage += static_cast<char>(c);
  CHECK(pclose(output) == 0);
  usage.back() = ' ';
  for (const Target& target : duel::fuzz::targets()) {
    CAPTURE(target.name, usage);
    CHECK(usage.find(" " + std::string(target.name) + " ") != std::string::npos);
  }
}
