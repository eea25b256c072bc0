// The cache of classifiers: what is in it is taken, what is damaged is replaced.
#include <fstream>

#include "engine/quality/classifier.h"
#include "tests/engine/quality/labelled_cases.h"
#include "tests/engine/support/use_variable.h"
#include "tests/support/catch.h"
#include "tests/support/content.h"
#include "tests/tools/kernel_resources/temporary_folder.h"

namespace duel::test {
namespace {

namespace fs = std::filesystem;

ClassifierRecipe quick_recipe() {
  ClassifierRecipe recipe = small_recipe();
  recipe.least_iterations = 4;
  return recipe;
}

/// A folder for classifiers, and what was told about the last one.
class Cache {
 public:
  Classifier obtain(const ImageSet& train, const ImageSet& test) {
    told.clear();
    return Classifier::obtain_by(quick_recipe(), train, test, folder.path() / "classifiers", {},
                                 [&](const std::string& line) { told += line + "\n"; });
  }
  Classifier obtain() { return obtain(labelled_images(64, 1), labelled_images(32, 2)); }

  TemporaryFolder folder;
  std::string told;
};

void write(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

TEST_CASE("classifier cache: the second time it is not trained, and is the same to the last bit") {
  Cache cache;
  const Classifier trained = cache.obtain();
  CHECK_FALSE(trained.info().was_cached);
  CHECK(contains(cache.told, "epoch 2 of 2"));
  const Classifier cached = cache.obtain();
  CHECK(cached.info().was_cached);
  CHECK(cache.told == "");
  CHECK(cached.info().hash == trained.info().hash);
  CHECK(cached.info().test_accuracy == trained.info().test_accuracy);
  CHECK(cached.info().file == trained.info().file);
  const auto images = as_floats(labelled_images(20, 3));
  const ClassifierOutput a = trained.classify(images), b = cached.classify(images);
  CHECK(a.features == b.features);
  CHECK(a.probabilities == b.probabilities);
}

TEST_CASE("classifier cache: find trains nothing") {
  Cache cache;
  const auto find = [&] {
    return Classifier::find_by(quick_recipe(), labelled_images(64, 1), labelled_images(32, 2),
                               cache.folder.path() / "classifiers");
  };
  CHECK_FALSE(find());
  CHECK_FALSE(fs::exists(cache.folder.path() / "classifiers"));
  const Classifier trained = cache.obtain();
  const auto found = find();
  REQUIRE(found);
  CHECK(found->info().hash == trained.info().hash);
  CHECK(found->info().test_accuracy == trained.info().test_accuracy);
  const auto images = as_floats(labelled_images(20, 3));
  CHECK(found->classify(images).features == trained.classify(images).features);
}

TEST_CASE("classifier cache: other data get another file") {
  Cache cache;
  const Classifier first = cache.obtain(), second = cache.obtain(labelled_images(64, 5), labelled_images(32, 2));
  CHECK_FALSE(second.info().was_cached);
  CHECK(first.info().file != second.info().file);
  CHECK(first.info().hash != second.info().hash);
  CHECK(cache.obtain().info().hash == first.info().hash);
}

TEST_CASE("classifier cache: a damaged, truncated or foreign file is trained again and replaced") {
  Cache cache;
  const Classifier original = cache.obtain();
  const fs::path file = original.info().file;
  const std::string content = content_of(file);
  std::vector<std::string> damaged{"", "not a safetensors file", content.substr(0, content.size() - 1),
                                   content.substr(0, content.size() / 2), content + "x"};
  for (const std::size_t place : {content.size() - 1, content.size() / 2, content.size() / 8, std::size_t{3}}) {
    damaged.push_back(content);
    damaged.back()[place] = static_cast<char>(damaged.back()[place] ^ 1);
  }
  // A sound file, of other data.
  damaged.push_back(content_of(cache.obtain(labelled_images(64, 5), labelled_images(32, 2)).info().file));
  for (const std::string& wrong : damaged) {
    write(file, wrong);
    const Classifier again = cache.obtain();
    INFO(wrong.size() << " of " << content.size() << " bytes; " << cache.told);
    CHECK_FALSE(again.info().was_cached);
    CHECK(again.info().hash == original.info().hash);
    CHECK(contains(cache.told, "cannot be used and is trained again"));
    CHECK(contains(cache.told, file.string()));
    CHECK(content_of(file) == content);
    CHECK(cache.obtain().info().was_cached);
  }
}

TEST_CASE("classifier cache: where nothing can be written the classifier is as good") {
  Cache cache;
  const Classifier kept = cache.obtain();
  Cache blocked;
  blocked.folder.write("classifiers", "a file where the folder should be");
  const Classifier not_kept = blocked.obtain();
  CHECK(contains(blocked.told, "not kept for the next time"));
  CHECK(not_kept.info().hash == kept.info().hash);
  CHECK(not_kept.info().test_accuracy == kept.info().test_accuracy);
  std::string told;
  const Classifier nowhere = Classifier::obtain_by(quick_recipe(), labelled_images(64, 1), labelled_images(32, 2), "",
                                                   {}, [&](const std::string& line) { told = line; });
  CHECK(contains(told, "set HOME or XDG_CACHE_HOME"));
  CHECK(nowhere.info().hash == kept.info().hash);
}

TEST_CASE("classifier cache: its place") {
  {
    const UseVariable cache("XDG_CACHE_HOME", "/x"), home("HOME", "/h");
    CHECK(default_classifier_cache() == "/x/duel/classifiers");
  }
  {
    const UseVariable cache("XDG_CACHE_HOME", nullptr), home("HOME", "/h");
    CHECK(default_classifier_cache() == "/h/.cache/duel/classifiers");
  }
  const UseVariable cache("XDG_CACHE_HOME", nullptr), home("HOME", nullptr);
  CHECK(default_classifier_cache().empty());
}

}  // namespace
}  // namespace duel::test
