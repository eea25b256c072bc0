// What a checkpoint remembers of its images, and whether others are told from them.
#include "engine/io/data_identity.h"

#include "engine/io/checksum.h"
#include "tests/engine/io/idx_files.h"
#include "tests/support/catch.h"

namespace duel {
namespace {

using namespace test;

ImageSet some_images() {
  return {3, 2, 2, 1, pattern(12), {}, "some"};
}

TEST_CASE("a checksum is XXH3's, as xxhsum prints it") {
  CHECK(checksum({}) == "2d06800538d394c2");  // of the reference implementation
  const Bytes bytes = pattern(1000);
  CHECK(checksum(std::as_bytes(std::span(bytes))) != checksum(std::as_bytes(std::span(bytes).first(999))));
}

TEST_CASE("a dataset is told by its pixels and sizes, not by labels or names") {
  const DataIdentity identity = identity_of(some_images());
  ImageSet same = some_images();
  same.name = "renamed";
  same.labels = {1, 2, 3};
  CHECK(explain_other_images(identity, same).empty());

  ImageSet pixel = some_images(), shape = some_images(), fewer = some_images();
  pixel.pixels[11] ^= 1;
  shape.height = 1;
  shape.width = 4;
  fewer.count = 2;
  fewer.pixels.resize(8);
  for (const ImageSet& other : {pixel, shape, fewer}) {
    const std::string text = explain_other_images(identity, other);
    check_says(text, "trained on 'some', 3 images of 2x2x1 with checksum " + identity.checksum);
    check_says(text, "; the images here are 'some', " + std::to_string(other.count) + " images of ");
    check_says(text, identity_of(other).checksum);
  }
}

TEST_CASE("a training on the first images of a set was of that set") {
  ImageSet first = some_images();
  first.count = 2;
  first.pixels.resize(8);
  CHECK(explain_other_images(identity_of(first), some_images()).empty());
}

TEST_CASE("compressed and plain files hold the same images") {
  const TemporaryFolder folder;
  folder.write("a/train-images-idx3-ubyte", images(2, 3, 4));
  folder.write("b/raw/train-images-idx3-ubyte.gz", gzip(images(2, 3, 4)));
  const ImageSet plain = read_idx_folder(folder.path() / "a", Split::train);
  const ImageSet compressed = read_idx_folder(folder.path() / "b" / "raw" / "", Split::train);
  CHECK(identity_of(plain).checksum == identity_of(compressed).checksum);
  CHECK(plain.name == "a");
  CHECK(compressed.name == "b");
}

TEST_CASE("an identity comes back from JSON") {
  const DataIdentity identity = identity_of(some_images());
  CHECK(data_identity_from_json(to_json(identity)) == identity);
  DataIdentity odd = identity;
  odd.name = "no UTF-8: \xff \" \\ \n";
  CHECK(data_identity_from_json(to_json(odd)).checksum == identity.checksum);
}

TEST_CASE("what is no identity is refused by name") {
  const std::string good = to_json(identity_of(some_images()));
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& bad :
       {std::string(), std::string("[]"), std::string("{}"), std::string("\xff"), good + "x",
        replaced("\"images\":3", "\"images\":-3"), replaced("\"images\":3", "\"images\":0"),
        replaced("\"images\":3", "\"images\":4294967296"), replaced("\"images\":3", "\"images\":\"3\""),
        replaced("\"some\"", "null"), replaced("xxh3:", "sha1:"), replaced("\"height\"", "\"depth\"")}) {
    CAPTURE(bad);
    check_says(message_of([&] { data_identity_from_json(bad); }), "metadata 'dataset': expected name, images");
  }
}

}  // namespace
}  // namespace duel
