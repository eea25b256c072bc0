// Reading a dataset's folder.
#include "engine/io/idx.h"
#include "tests/engine/io/idx_files.h"
#include "tests/support/catch.h"

namespace duel {
namespace {

using namespace test;

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

TEST_CASE("a set that was written is read back, grey and in colour, with labels and without") {
  for (const int channels : {1, 3}) {
    for (const bool has_labels : {true, false}) {
      const TemporaryFolder folder;
      const auto values = static_cast<std::size_t>(2 * channels * 3 * 4);
      ImageSet set{2, 3, 4, channels, pattern(values), {}};
      if (has_labels) set.labels = {7, 255};
      for (const Split split : {Split::train, Split::test}) {
        write_idx_folder(folder.path(), split, set);
        const ImageSet read = read_idx_folder(folder.path(), split);
        CHECK((read.count == 2 && read.height == 3 && read.width == 4 && read.channels == channels));
        CHECK(read.pixels == set.pixels);
        CHECK(read.labels == set.labels);
      }
      const std::string name = channels == 3 ? "train-images-idx4-ubyte" : "train-images-idx3-ubyte";
      CHECK(std::filesystem::exists(folder.path() / name));
    }
  }
}

TEST_CASE("files are found in the spellings that programs give them") {
  for (const std::string name : {"train-images.idx3-ubyte", "train-images.idx3-ubyte.gz", "train-images-idx4-ubyte",
                                 "train-images.idx4-ubyte.gz", "TRAIN-IMAGES-IDX3-UBYTE.GZ", "train_images_idx3_ubyte",
                                 "Train-Images-idx3-ubyte", "train-images-idx3-ubyte/train-images.idx3-ubyte",
                                 "train-images-idx3-ubyte/train-images-idx3-ubyte.gz"}) {
    CAPTURE(name);
    const TemporaryFolder folder;
    folder.write(name, images(2, 3, 4));
    CHECK(read_idx_folder(folder.path(), Split::train).count == 2);
  }
  const TemporaryFolder folder;
  folder.write("train-images.idx3-ubyte", images(2, 3, 4));
  folder.write("train-images-idx3-ubyte/readme.txt", text("x"));
  folder.write("train-labels.idx1-ubyte", labels(2));
  CHECK(read_idx_folder(folder.path(), Split::train).labels == Bytes{0, 1});
  folder.write("train-images-idx3-ubyte.gz", gzip(images(3, 3, 4)));
  CHECK(read_idx_folder_images(folder.path(), Split::train).count == 3);  // the usual name comes first
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

}  // namespace
}  // namespace duel
