// Finding a dataset's folder.
#include <array>

#include "app/data/dataset_places.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/io/idx.h"
#include "tests/engine/io/idx_files.h"
#include "tests/support/catch.h"

namespace duel::app {
namespace {

using namespace duel::test;

TEST_CASE("where the images are not in the folder, the message names what is near") {
  const auto message = [](const TemporaryFolder& folder) {
    return message_of([&] { find_dataset(mnist_gan(), folder.path()); });
  };
  const TemporaryFolder torchvision, raw, emnist, empty;
  torchvision.write("MNIST/raw/train-images-idx3-ubyte.gz", gzip(images(2, 3, 4)));
  check_says(message(torchvision), "or .gz in it; its subfolder MNIST/raw has it");
  raw.write("raw/train-images.idx3-ubyte", images(2, 3, 4));
  check_says(message(raw), "; its subfolder raw has it");
  for (const char* name : {"1", "2", "3", "4", "5", "6"}) {
    emnist.write(std::string("emnist-") + name + "-train-images-idx3-ubyte.gz", text("x"));
  }
  check_says(message(emnist), "; there are emnist-1-train-images-idx3-ubyte.gz, emnist-2-");
  check_says(message(emnist), "emnist-5-train-images-idx3-ubyte.gz, ...\n");
  empty.write("readme", text("x"));
  check_says(message(empty), "or .gz in it\n");
  emnist.write("train-images-idx3-ubyte", images(2, 3, 4));
  emnist.write("test-images-idx3-ubyte", images(2, 3, 4));
  check_says(message_of([&] { read_idx_folder(emnist.path(), Split::test); }), "found neither; there are emnist-1");
}

TEST_CASE("a folder that links to itself under the searched name ends the search") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink(".", folder.path() / "train-images-idx3-ubyte");
  std::filesystem::create_symlink(".", folder.path() / "raw");
  check_says(message_of([&] { find_dataset(mnist_gan(), folder.path()); }), "no train-images-idx3-ubyte or .gz in it");
}

TEST_CASE("the dataset is looked for in the documented order") {
  const TemporaryFolder folder;
  write_dataset(folder, "requested", false);
  write_dataset(folder, "variable", true);
  write_dataset(folder, "xdg/mnist_gan/mnist", true);
  write_dataset(folder, "home/.local/share/mnist_gan/mnist", false);
  const auto in = [&](const char* name) { return (folder.path() / name).string(); };
  const ScopedVariable data("MNIST_GAN_DATA", in("variable"));
  const ScopedVariable xdg("XDG_DATA_HOME", in("xdg"));
  const ScopedVariable home("HOME", in("home"));
  CHECK(find_dataset(mnist_gan(), in("requested")) == in("requested"));
  CHECK(find_dataset(mnist_gan(), std::nullopt) == in("variable"));
  for (const auto& no_variable : {std::optional<std::string>(), std::optional<std::string>("")}) {
    const ScopedVariable no_data("MNIST_GAN_DATA", no_variable);
    CHECK(find_dataset(mnist_gan(), std::nullopt) == in("xdg/mnist_gan/mnist"));
    for (const auto& no_folder : {std::optional<std::string>(), std::optional<std::string>(""),
                                  std::optional<std::string>("relative/is/ignored")}) {
      const ScopedVariable no_xdg("XDG_DATA_HOME", no_folder);
      CHECK(find_dataset(mnist_gan(), std::nullopt) == in("home/.local/share/mnist_gan/mnist"));
    }
  }
}

TEST_CASE("without a requested folder or variables only the system's folder is left") {
  const ScopedVariable data("MNIST_GAN_DATA", std::nullopt), xdg("XDG_DATA_HOME", std::nullopt);
  const ScopedVariable home("HOME", std::nullopt);
  const auto places = dataset_places(mnist_gan(), std::nullopt);
  REQUIRE(places.size() == 3);
  CHECK(!places[0].folder);
  CHECK(!places[1].folder);
  CHECK(places[2].folder == std::filesystem::path("/usr/share/datasets/fashion-mnist"));
}

TEST_CASE("a named folder is never passed over for another") {
  const TemporaryFolder folder;
  write_dataset(folder, "mnist_gan/mnist", false);
  const auto nothing = (folder.path() / "typing-error").string();
  const ScopedVariable xdg("XDG_DATA_HOME", folder.path().string()), data("MNIST_GAN_DATA", nothing);
  for (const auto& requested :
       {std::optional<std::filesystem::path>(), std::optional<std::filesystem::path>(nothing)}) {
    const std::string message = message_of([&] { find_dataset(mnist_gan(), requested); });
    check_says(message, nothing + (requested ? " (requested)" : " ($MNIST_GAN_DATA)") + ": no such folder");
    check_says(message, "dataset-fashion-mnist");
    check_says(message, "mnist_gan data import --help");
  }
  check_says(message_of([] { find_dataset(mnist_gan(), std::filesystem::path()); }), "(requested): no such folder");
}

TEST_CASE("where no place has a dataset the error lists them all and what each lacks") {
  const TemporaryFolder folder;
  const auto in = [&](const char* name) { return folder.path() / name; };
  folder.write("file", "");
  folder.write("labels_only/train-labels-idx1-ubyte", labels(2));
  std::filesystem::create_symlink("loop", in("loop"));
  const std::string message = message_of([&] {
    first_dataset(mnist_gan(), {{"$VARIABLE", std::nullopt},
                                {"a", in("nothing")},
                                {"b", in("file")},
                                {"c", in("labels_only")},
                                {"d", in("loop")}});
  });
  check_says(message, "\n  $VARIABLE: not set\n");
  check_says(message, in("nothing").string() + " (a): no such folder\n");
  check_says(message, in("file").string() + " (b): not a folder\n");
  check_says(message, in("labels_only").string() + " (c): no train-images-idx3-ubyte or .gz in it\n");
  check_says(message, in("loop").string() + " (d): Too many levels of symbolic links\n");
  check_says(message, "--data");
}

TEST_CASE("the first place that has training images is taken, even if they are damaged") {
  const TemporaryFolder folder;
  write_dataset(folder, "good", false);
  folder.write("damaged/train-images-idx3-ubyte.gz", "");
  std::filesystem::create_directory(folder.path() / "empty");
  const auto place = [&](const char* name) { return DatasetPlace{name, folder.path() / name}; };
  CHECK(first_dataset(mnist_gan(), {place("empty"), place("damaged"), place("good")}) == folder.path() / "damaged");
}

TEST_CASE("Fashion-MNIST is found and read") {
  const std::filesystem::path installed = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(installed / "train-images-idx3-ubyte.gz")) {
    WARN("skipped: Debian's package dataset-fashion-mnist is not installed");
    return;
  }
  const TemporaryFolder empty;
  const ScopedVariable data("MNIST_GAN_DATA", std::nullopt), xdg("XDG_DATA_HOME", empty.path().string());
  const auto folder = find_dataset(mnist_gan(), std::nullopt);
  REQUIRE(folder == installed);
  for (const auto split : {Split::train, Split::test}) {
    const ImageSet set = read_idx_folder(folder, split);
    CHECK(set.count == (split == Split::train ? 60000 : 10000));
    CHECK(set.height == 28);
    CHECK(set.width == 28);
    REQUIRE(set.labels.size() == static_cast<std::size_t>(set.count));
    CHECK(set.pixels.size() == set.labels.size() * 28 * 28);
    CHECK(set.labels[0] == 9);
    std::array<int, 10> images_of_class{};
    for (const auto label : set.labels) ++images_of_class.at(label);
    for (const int number : images_of_class) CHECK(number == set.count / 10);
  }
}

}  // namespace
}  // namespace duel::app
