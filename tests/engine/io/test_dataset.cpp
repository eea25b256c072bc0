// Reading a dataset's folder, and finding it.
#include <array>

#include "engine/io/dataset_places.h"
#include "engine/io/idx.h"
#include "tests/engine/io/idx_files.h"
#include "tests/support/catch.h"

namespace duel {
namespace {

using namespace test;

// A folder with 2 training images of 3 x 4 pixels and 1 test image of 5 x 6.
void write_dataset(const TemporaryFolder& folder, const std::filesystem::path& subfolder, bool compressed) {
  const auto write = [&](const std::string& name, const Bytes& bytes) {
    folder.write(subfolder / (name + (compressed ? ".gz" : "")), compressed ? gzip(bytes) : bytes);
  };
  write("train-images-idx3-ubyte", images(2, 3, 4));
  write("train-labels-idx1-ubyte", labels(2));
  write("t10k-images-idx3-ubyte", images(1, 5, 6));
  write("t10k-labels-idx1-ubyte", labels(1));
}

TEST_CASE("a folder gives the images of a split and their labels") {
  for (const bool compressed : {false, true}) {
    const TemporaryFolder folder;
    write_dataset(folder, "", compressed);
    const ImageSet train = read_idx_folder(folder.path(), Split::train);
    CHECK(train.count == 2);
    CHECK(train.height == 3);
    CHECK(train.width == 4);
    CHECK(train.channels == 1);
    CHECK(train.pixels == pattern(24));
    CHECK(train.labels == Bytes{0, 1});
    const ImageSet test = read_idx_folder(folder.path(), Split::test);
    CHECK(test.count == 1);
    CHECK(test.height == 5);
    CHECK(test.width == 6);
    CHECK(test.pixels == pattern(30));
    CHECK(test.labels == Bytes{0});
  }
}

TEST_CASE("the plain file is preferred to the compressed one") {
  const TemporaryFolder folder;
  folder.write("train-images-idx3-ubyte", images(2, 3, 4));
  folder.write("train-images-idx3-ubyte.gz", gzip(images(7, 1, 1)));
  folder.write("train-labels-idx1-ubyte", labels(2));
  folder.write("train-labels-idx1-ubyte.gz", gzip(labels(7)));
  CHECK(read_idx_folder(folder.path(), Split::train).count == 2);
}

TEST_CASE("plain images and compressed labels go together") {
  const TemporaryFolder folder;
  folder.write("train-images-idx3-ubyte", images(2, 3, 4));
  folder.write("train-labels-idx1-ubyte.gz", gzip(labels(2)));
  CHECK(read_idx_folder(folder.path(), Split::train).labels == Bytes{0, 1});
}

TEST_CASE("a folder without a label file gives no labels") {
  const TemporaryFolder folder;
  folder.write("train-images-idx3-ubyte", images(2, 3, 4));
  CHECK(read_idx_folder(folder.path(), Split::train).labels.empty());
}

TEST_CASE("images are read whatever the labels are") {
  const TemporaryFolder folder;
  folder.write("train-images-idx3-ubyte", images(2, 3, 4));
  folder.write("train-labels-idx1-ubyte", text("no labels"));
  const ImageSet set = read_idx_folder_images(folder.path(), Split::train);
  CHECK((set.count == 2 && set.labels.empty()));
  CHECK_THROWS_AS(read_idx_folder_labels(folder.path(), Split::train, 2), DataError);
  CHECK_THROWS_AS(read_idx_folder(folder.path(), Split::train), DataError);
}

TEST_CASE("files are found in the spellings that programs give them") {
  for (const std::string name :
       {"train-images.idx3-ubyte", "train-images.idx3-ubyte.gz", "TRAIN-IMAGES-IDX3-UBYTE.GZ",
        "train_images_idx3_ubyte", "Train-Images-idx3-ubyte", "train-images-idx3-ubyte/train-images.idx3-ubyte",
        "train-images-idx3-ubyte/train-images-idx3-ubyte.gz"}) {
    CAPTURE(name);
    const TemporaryFolder folder;
    folder.write(name, images(2, 3, 4));
    CHECK(read_idx_folder(folder.path(), Split::train).count == 2);
    CHECK(find_dataset(folder.path()) == folder.path());
  }
  const TemporaryFolder folder;
  folder.write("train-images.idx3-ubyte", images(2, 3, 4));
  folder.write("train-images-idx3-ubyte/readme.txt", text("x"));
  folder.write("train-labels.idx1-ubyte", labels(2));
  CHECK(read_idx_folder(folder.path(), Split::train).labels == Bytes{0, 1});
  folder.write("train-images-idx3-ubyte.gz", gzip(images(3, 3, 4)));
  CHECK(read_idx_folder_images(folder.path(), Split::train).count == 3);  // the usual name comes first
}

TEST_CASE("where the images are not in the folder, the message names what is near") {
  const auto message = [](const TemporaryFolder& folder) { return message_of([&] { find_dataset(folder.path()); }); };
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
  check_says(message_of([&] { find_dataset(folder.path()); }), "no train-images-idx3-ubyte or .gz in it");
}

TEST_CASE("a folder that does not fit together is refused") {
  const TemporaryFolder folder;
  const auto train_message = [&] { return message_of([&] { read_idx_folder(folder.path(), Split::train); }); };
  folder.write("train-images-idx3-ubyte", images(2, 3, 4));
  SECTION("fewer labels than images") {
    folder.write("train-labels-idx1-ubyte", labels(1));
    const std::string message = train_message();
    check_says(message, "train-labels-idx1-ubyte: byte 4: expected 2 labels");
    check_says(message, "train-images-idx3-ubyte has images");
    check_says(message, "found 1. Take both files from the same dataset.");
  }
  SECTION("more labels than images") {
    folder.write("train-labels-idx1-ubyte.gz", gzip(labels(3)));
    check_says(train_message(), "train-labels-idx1-ubyte.gz: byte 4: expected 2 labels");
  }
  SECTION("a damaged label file does not count as none") {
    folder.write("train-labels-idx1-ubyte", "");
    check_says(train_message(), "empty file");
  }
  SECTION("a dangling link to labels does not count as none") {
    std::filesystem::create_symlink("nowhere", folder.path() / "train-labels-idx1-ubyte");
    check_says(train_message(), "a symbolic link to a file that does not exist");
  }
  SECTION("a dangling link does not give way to the compressed file") {
    folder.write("train-labels-idx1-ubyte.gz", gzip(labels(2)));
    std::filesystem::create_symlink("nowhere", folder.path() / "train-labels-idx1-ubyte");
    check_says(train_message(), "train-labels-idx1-ubyte: expected a regular file");
  }
  SECTION("image and label files swapped") {
    folder.write("train-labels-idx1-ubyte", images(2, 3, 4));
    check_says(train_message(), "swapped");
  }
  SECTION("the other split only") {
    const std::string message = message_of([&] { read_idx_folder(folder.path(), Split::test); });
    check_says(message, folder.path().string() + ": expected t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz");
  }
}

TEST_CASE("what is not a folder is refused") {
  const TemporaryFolder folder;
  const auto message = [&](const std::string& name) {
    return message_of([&] { read_idx_folder(folder.path() / name, Split::train); });
  };
  folder.write("file", images(1, 1, 1));
  std::filesystem::create_symlink("loop", folder.path() / "loop");
  check_says(message("file"), "file: expected a folder, found something else");
  check_says(message("nothing"), "nothing: expected a folder, found an error (No such file or directory)");
  check_says(message("loop"), "loop: expected a folder, found an error (");
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
  CHECK(find_dataset(in("requested")) == in("requested"));
  CHECK(find_dataset(std::nullopt) == in("variable"));
  for (const auto& no_variable : {std::optional<std::string>(), std::optional<std::string>("")}) {
    const ScopedVariable no_data("MNIST_GAN_DATA", no_variable);
    CHECK(find_dataset(std::nullopt) == in("xdg/mnist_gan/mnist"));
    for (const auto& no_folder : {std::optional<std::string>(), std::optional<std::string>(""),
                                  std::optional<std::string>("relative/is/ignored")}) {
      const ScopedVariable no_xdg("XDG_DATA_HOME", no_folder);
      CHECK(find_dataset(std::nullopt) == in("home/.local/share/mnist_gan/mnist"));
    }
  }
}

TEST_CASE("without a requested folder or variables only the system's folder is left") {
  const ScopedVariable data("MNIST_GAN_DATA", std::nullopt), xdg("XDG_DATA_HOME", std::nullopt);
  const ScopedVariable home("HOME", std::nullopt);
  const auto places = dataset_places(std::nullopt);
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
    const std::string message = message_of([&] { find_dataset(requested); });
    check_says(message, nothing + (requested ? " (requested)" : " ($MNIST_GAN_DATA)") + ": no such folder");
    check_says(message, "dataset-fashion-mnist");
  }
  check_says(message_of([] { find_dataset(std::filesystem::path()); }), "(requested): no such folder");
}

TEST_CASE("where no place has a dataset the error lists them all and what each lacks") {
  const TemporaryFolder folder;
  const auto in = [&](const char* name) { return folder.path() / name; };
  folder.write("file", "");
  folder.write("labels_only/train-labels-idx1-ubyte", labels(2));
  std::filesystem::create_symlink("loop", in("loop"));
  const std::string message = message_of([&] {
    first_dataset({{"$VARIABLE", std::nullopt},
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
  CHECK(first_dataset({place("empty"), place("damaged"), place("good")}) == folder.path() / "damaged");
}

TEST_CASE("Fashion-MNIST is found and read") {
  const std::filesystem::path installed = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(installed / "train-images-idx3-ubyte.gz")) {
    WARN("skipped: Debian's package dataset-fashion-mnist is not installed");
    return;
  }
  const TemporaryFolder empty;
  const ScopedVariable data("MNIST_GAN_DATA", std::nullopt), xdg("XDG_DATA_HOME", empty.path().string());
  const auto folder = find_dataset(std::nullopt);
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
}  // namespace duel
