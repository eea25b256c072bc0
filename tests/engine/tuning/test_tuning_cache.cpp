#include "engine/tuning/tuning_cache.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "engine/configuration/config_json.h"
#include "engine/training/trainer.h"
#include "engine/tuning/kernel_record.h"
#include "kernels/ops/flat_update/flat_update.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/engine/support/use_variable.h"
#include "tests/files/child.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel;
using namespace duel::test;
namespace fs = std::filesystem;

class TuningFolder : public TemporaryFolder {
 public:
  fs::path file() const { return path() / "cache/kernels.json"; }
  fs::path file_with(const std::string& text) const { return write("cache/kernels.json", text); }
};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t place = text.find(what);
  REQUIRE(place != std::string::npos);
  return text.replace(place, what.size(), with);
}

TuningKey some_key() {
  return {"a \"quoted\" device", "12.4", "12.3", "compiler 1", "0123"};
}

TunedKernel some_kernel(const std::string& shapes = "8 8", double seconds = 1.25e-6) {
  return {"adam", shapes, "four_values_per_thread", seconds, "2025-01-31T12:00:00Z"};
}

}  // namespace

TEST_CASE("tuned choices survive a round trip - later ones replace earlier ones of the same op and shapes") {
  const TuningFolder folder;
  CHECK(read_tuning_cache(folder.file()).empty());
  const std::vector<TunedKernel> first = {some_kernel("8 8"), some_kernel("9 9", 0.1)};
  CHECK(update_tuning_cache(folder.file(), some_key(), first).empty());
  CHECK(read_tuning_cache(folder.file()) == std::vector<TuningEntry>{{some_key(), first}});

  const TunedKernel newer = {"adam", "8 8", "chunk_per_thread", 1e-6, "2025-02-01T12:00:00Z"};
  CHECK(update_tuning_cache(folder.file(), some_key(), std::vector{newer}).empty());
  CHECK(read_tuning_cache(folder.file()) == std::vector<TuningEntry>{{some_key(), {first[1], newer}}});
}

TEST_CASE("entries of older kernels, drivers and runtimes are pruned - other devices and compilers keep theirs") {
  const TuningFolder folder;
  const std::vector<TunedKernel> kernels = {some_kernel()};
  TuningKey other_device = some_key(), other_compiler = some_key();
  other_device.device = "another";
  other_compiler.compiler = "another";
  other_compiler.kernels = "older";
  for (const TuningKey& key : {other_device, other_compiler}) update_tuning_cache(folder.file(), key, kernels);
  for (std::string TuningKey::*field : {&TuningKey::kernels, &TuningKey::driver, &TuningKey::runtime}) {
    TuningKey old = some_key();
    old.*field = "older";
    update_tuning_cache(folder.file(), old, kernels);
    CHECK(read_tuning_cache(folder.file()).size() == 3);
    update_tuning_cache(folder.file(), some_key(), kernels);
    const std::vector<TuningEntry> expected = {
        {other_device, kernels}, {other_compiler, kernels}, {some_key(), kernels}};
    CHECK(read_tuning_cache(folder.file()) == expected);
  }
}

TEST_CASE("what several processes write at once is all kept, and readers never see half of it") {
  const TuningFolder folder;
  constexpr int kWriters = 4, kRounds = 12;
  update_tuning_cache(folder.file(), some_key(), std::vector{some_kernel("0 0")});
  std::vector<pid_t> children;
  for (int writer = 0; writer < kWriters; ++writer) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      for (int round = 0; round < kRounds; ++round) {
        const std::string shapes = std::to_string(writer) + " " + std::to_string(round + 1);
        try {
          if (!update_tuning_cache(folder.file(), some_key(), std::vector{some_kernel(shapes)}).empty()) _exit(1);
        } catch (...) {
          _exit(2);
        }
      }
      _exit(0);
    }
    children.push_back(child);
  }
  for (int look = 0; look < 50; ++look) CHECK(read_tuning_cache(folder.file()).size() == 1);
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
  CHECK(read_tuning_cache(folder.file()).at(0).kernels.size() == kWriters * kRounds + 1);
}

TEST_CASE("a damaged or foreign cache is told about, never fatal to a reader, and kept aside by a writer") {
  const TuningFolder folder;
  update_tuning_cache(folder.file(), some_key(), std::vector{some_kernel()});
  const std::string good = get(folder.file());
  struct Damage {
    const char* what;
    std::string text;
    const char* expected;
  };
  const Damage damages[] = {
      {"nothing", "", "JSON"},
      {"cut off", good.substr(0, good.size() / 2), "JSON"},
      {"bytes", std::string("\0\xff\xfe", 3), "JSON"},
      {"a list", "[]", "an object"},
      {"of another program", "{\"version\": 3}", "the key"},
      {"of a later version", replaced(good, "choices 1", "choices 2"), "duel kernel choices 1"},
      {"a missing key", replaced(good, "\"driver\"", "\"diver\""), "the key 'driver'"},
      {"an unknown key", replaced(good, "\"op\"", "\"more\": 1, \"op\""), "no other keys"},
      {"a key twice", replaced(good, "\"op\"", "\"op\": \"adam\", \"op\""), "every key once"},
      {"a number for a text", replaced(good, "\"8 8\"", "8"), "text"},
      {"an empty text", replaced(good, "\"8 8\"", "\"\""), "text"},
      {"no time", replaced(good, "1.25e-06", "0"), "a time above 0"},
      {"a negative time", replaced(good, "1.25e-06", "-1"), "a time above 0"},
      {"a time beyond doubles", replaced(good, "1.25e-06", "1e999"), "JSON"},
      {"a text for a time", replaced(good, "1.25e-06", "\"1\""), "a time above 0"},
      {"more behind the end", good + "{}", "JSON"},
      {"too long", good + std::string(5 << 20, ' '), "at most 4 MiB"},
  };
  for (const Damage& damage : damages) {
    CAPTURE(damage.what);
    const fs::path file = folder.file_with(damage.text);
    KernelSelection selection;
    const std::string warning = prefer_tuned(selection, file, some_key());
    CHECK(contains(warning, file.string()));
    CHECK(contains(warning, damage.expected));
    CHECK(contains(warning, "Remove the file"));
    CHECK(get(file) == damage.text);  // a reader leaves it alone
    CHECK_THROWS_AS(read_tuning_cache(file), DataError);

    const std::string message = update_tuning_cache(file, some_key(), std::vector{some_kernel()});
    CHECK(contains(message, file.string() + ".bad"));
    CHECK(get(file.string() + ".bad") == damage.text);
    CHECK(get(file) == good);
  }
}

TEST_CASE("a folder in the cache's place is put aside, also where a damaged file was before") {
  const TuningFolder folder;
  const fs::path file = folder.file_with("damaged");
  CHECK(contains(update_tuning_cache(file, some_key(), std::vector{some_kernel()}), file.string() + ".bad ("));
  fs::remove(file);
  fs::create_directories(file / "in its place");
  CHECK(contains(update_tuning_cache(file, some_key(), std::vector{some_kernel()}), file.string() + ".bad2 ("));
  CHECK(read_tuning_cache(file).size() == 1);
}

TEST_CASE("a flipped bit of the tuning cache is found, or changes nothing that it says") {
  const TuningFolder folder;
  const std::vector<TunedKernel> kernels = {some_kernel()};
  update_tuning_cache(folder.file(), some_key(), kernels);
  const std::string good = get(folder.file());
  const std::vector<TuningEntry> expected = {{some_key(), kernels}};
  std::size_t found = 0;
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string damaged = good;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    folder.file_with(damaged);
    try {
      const std::vector<TuningEntry> entries = read_tuning_cache(folder.file());
      CAPTURE(damaged);
      CHECK(entries == expected);
    } catch (const DataError&) {
      ++found;
    }
  }
  CHECK(found > 7 * good.size());  // but for spaces between words
}

TEST_CASE("a tuning cache of an earlier version, without a checksum, is read") {
  const TuningFolder folder;
  const std::vector<TunedKernel> kernels = {some_kernel()};
  update_tuning_cache(folder.file(), some_key(), kernels);
  std::string text = get(folder.file());
  const std::size_t begin = text.find(" \"checksum\"");
  text.erase(begin, text.find('\n', begin) + 1 - begin);
  CHECK(read_tuning_cache(folder.file_with(text)) == std::vector<TuningEntry>{{some_key(), kernels}});
}

TEST_CASE("writing the tuning cache leaves nothing else in its folder, and takes away what a killed process left") {
  const TuningFolder folder;
  fs::create_directories(folder.file().parent_path());
  std::ofstream(folder.file().string() + "." + dead_process() + "-0.tmp") << "half";
  update_tuning_cache(folder.file(), some_key(), std::vector{some_kernel()});
  CHECK(std::distance(fs::directory_iterator(folder.file().parent_path()), {}) == 1);
}

TEST_CASE("equal entries and equal cases are damage too") {
  const TuningFolder folder;
  update_tuning_cache(folder.file(), some_key(), std::vector{some_kernel("8 8"), some_kernel("9 9")});
  const std::string good = get(folder.file());
  CHECK_THROWS_AS(read_tuning_cache(folder.file_with(replaced(good, "\"9 9\"", "\"8 8\""))), DataError);
  TuningKey other = some_key();
  other.device = "other";
  folder.file_with(good);
  update_tuning_cache(folder.file(), other, std::vector{some_kernel()});
  const std::string both = get(folder.file());
  CHECK_THROWS_AS(read_tuning_cache(folder.file_with(replaced(both, "\"other\"", "\"a \\\"quoted\\\" device\""))),
                  DataError);
}

TEST_CASE("a folder in the place of the cache does not stop a reader") {
  const TuningFolder folder;
  fs::create_directories(folder.file());
  KernelSelection selection;
  CHECK(contains(prefer_tuned(selection, folder.file(), some_key()), "a regular file"));
}

TEST_CASE("only entries of the same key are preferred") {
  const TuningFolder folder;
  TrainingConfig config = tiny_config();
  config.step = StepKind::plain;
  const ImageSet images = striped_images(config.networks, 8);
  const std::string op = flat_update_op<Adam>().name, variant = flat_update_op<Adam>().variants.back().name;
  std::string shapes;
  {
    const Trainer trainer(config, images);
    for (const KernelUse& use : trainer.kernels().uses()) {
      CHECK(use.because == SelectedBecause::preferred);
      if (use.op == op) shapes = use.shapes;
    }
  }
  const TuningKey here = current_tuning_key();
  update_tuning_cache(folder.file(), here, std::vector<TunedKernel>{{op, shapes, variant, 1e-6, "now"}});
  const auto tuned_uses = [&](const TuningKey& key) {
    KernelSelection selection;
    CHECK(prefer_tuned(selection, folder.file(), key).empty());
    const Trainer trainer(config, images, selection);
    std::vector<KernelUse> tuned;
    for (const KernelUse& use : trainer.kernels().uses()) {
      if (use.because == SelectedBecause::tuned) tuned.push_back(use);
    }
    return tuned;
  };
  CHECK(tuned_uses(here) == std::vector<KernelUse>{{op, shapes, variant, SelectedBecause::tuned}});
  for (std::string TuningKey::*field :
       {&TuningKey::device, &TuningKey::driver, &TuningKey::runtime, &TuningKey::compiler, &TuningKey::kernels}) {
    TuningKey other = here;
    other.*field += "x";
    CHECK(tuned_uses(other).empty());
  }
}

TEST_CASE("a tuned variant that is gone leaves a note and the table's own choice - a chosen one beats a tuned one") {
  TrainingConfig config = tiny_config();
  config.step = StepKind::plain;
  const ImageSet images = striped_images(config.networks, 8);
  const Trainer plain(config, images);
  const auto first = [](const Trainer& trainer) {
    for (const KernelUse& use : trainer.kernels().uses()) {
      if (use.op == flat_update_op<Adam>().name) return use;
    }
    return KernelUse{};
  };
  const KernelUse preferred = first(plain);
  KernelSelection selection;
  selection.prefer(preferred.op, preferred.shapes, "of_another_build");
  const Trainer fallen_back(config, images, selection);
  CHECK(first(fallen_back) == preferred);
  REQUIRE(fallen_back.kernels().notes().size() == plain.kernels().notes().size() + 1);
  CHECK(contains(fallen_back.kernels().notes().front(), "of_another_build"));

  selection.choose(preferred.op, flat_update_op<Adam>().variants.back().name);
  const Trainer chosen(config, images, selection);
  CHECK(first(chosen).because == SelectedBecause::chosen);
  CHECK(first(chosen).variant == flat_update_op<Adam>().variants.back().name);
}

TEST_CASE("a checkpoint says which kernels made it, and one that does not is as good") {
  const TrainingConfig config = tiny_config();
  const ImageSet images = striped_images(config.networks, 8);
  Trainer trainer(config, images);
  const std::string record = kernel_record(trainer.kernels().uses(), RecordForm::one_line);
  trainer.run(2);
  trainer.generate(std::vector<float>(static_cast<std::size_t>(7 * config.networks.latent_dim)),
                   BatchStatistics::running);
  TensorFile state = trainer.state();
  CHECK(state.metadata.at("kernels") == record);  // of an iteration: pictures in between are no part of it
  CHECK(contains(record, "{\"device\":\"" + device_model() + "\",\"kernels\":[{\"op\":\"batch_inputs\""));
  CHECK(contains(record, "\"because\":\"preferred\"}]}"));
  CHECK(record.find('\n') == std::string::npos);
  CHECK(contains(kernel_record({}, RecordForm::line_for_each_use), "\"kernels\":["));

  state.metadata.erase("kernels");
  Trainer continued(config, images);
  continued.load_state(state);
  CHECK(continued.iteration() == 2);
}

TEST_CASE("the cache's place follows the environment") {
  {
    const UseVariable cache("XDG_CACHE_HOME", "/x"), home("HOME", "/h");
    CHECK(tuning_cache_file() == fs::path("/x/duel/kernels.json"));
  }
  {
    const UseVariable cache("XDG_CACHE_HOME", "relative"), home("HOME", "/h");
    CHECK(tuning_cache_file() == fs::path("/h/.cache/duel/kernels.json"));
  }
  const UseVariable cache("XDG_CACHE_HOME", nullptr), home("HOME", nullptr);
  CHECK(!tuning_cache_file());
}

TEST_CASE("this program's key names everything that a measurement depends on") {
  const TuningKey key = current_tuning_key();
  CHECK(key == current_tuning_key());
  CHECK(key.device == device_model());
  CHECK(!key.driver.empty());
  CHECK(!key.runtime.empty());
  CHECK(!key.compiler.empty());
  CHECK(key.kernels.size() == 16);
}
