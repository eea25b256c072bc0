// Pictures and tables become a dataset that training reads.
#include <unistd.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "app/commands/data_import.h"
#include "app/commands/data_info.h"
#include "app/commands/data_preview.h"
#include "app/data/dataset_file.h"
#include "app/data/image_import.h"
#include "app/data/parallel.h"
#include "engine/io/npy.h"
#include "engine/io/picture_file.h"
#include "tests/app/workplace.h"
#include "tests/engine/io/jpeg_bytes.h"

namespace duel::app::test {
namespace {

/// A picture of one colour.
Picture even(int height, int width, std::vector<std::uint8_t> colour) {
  Picture picture{height, width, static_cast<int>(colour.size()), {}};
  for (int i = 0; i < height * width; ++i) picture.pixels.insert(picture.pixels.end(), colour.begin(), colour.end());
  return picture;
}

void write_picture(const fs::path& file, const Picture& picture) {
  fs::create_directories(file.parent_path());
  write_png(file, picture);
}

DataImportOptions options_of(const Workplace& place, const std::string& source) {
  DataImportOptions options;
  options.program = &mnist_gan();
  options.source = place.path() / source;
  options.out = place.path() / "dataset";
  options.size = 4;
  options.threads = 2;
  return options;
}

ImportedDataset imported(const DataImportOptions& options) {
  return import_images(options, [](std::size_t, std::size_t) {});
}

std::string why(const ImportedDataset& dataset, const std::string& what) {
  for (const LeftOut& one : dataset.left_out) {
    if (one.what == what) return one.why;
  }
  return "";
}

TEST_CASE("import: subfolders are classes, and what is left out is told") {
  const Workplace place;
  for (int i = 0; i < 20; ++i) {
    const auto value = static_cast<std::uint8_t>(i);
    write_picture(place.path() / "source/cats" / (std::to_string(i) + ".png"), even(5, 7 + i, {value}));
    write_picture(place.path() / "source/Dogs, big/deep" / (std::to_string(i) + ".PNG"), even(9, 4, {value, 100, 200}));
  }
  write_picture(place.path() / "source/on top.png", even(2, 2, {1}));
  std::ofstream(place.path() / "source/cats/notes.txt") << "x";
  std::ofstream(place.path() / "source/cats/text.jpg") << "no picture";
  std::ofstream(place.path() / "source/cats/empty.png");
  std::ofstream(place.path() / "source/.hidden.png") << "x";
  fs::create_directory_symlink("..", place.path() / "source/cats/up");
  fs::create_directories(place.path() / "source/no pictures");

  const ImportedDataset dataset = imported(options_of(place, "source"));
  CHECK(dataset.classes == ClassNames{{0, "Dogs, big"}, {1, "cats"}});
  CHECK((dataset.train.count == 36 && dataset.test.count == 4));  // a tenth of each class
  CHECK((dataset.train.channels == 3 && dataset.train.height == 4 && dataset.train.width == 4));
  CHECK(std::count(dataset.test.labels.begin(), dataset.test.labels.end(), 1) == 2);
  CHECK(dataset.left_out.size() == 7);
  CHECK(why(dataset, ".hidden.png") == "hidden, or of another system");
  CHECK(why(dataset, "cats/up") == "a link to a folder that is looked at already");
  CHECK(why(dataset, "no pictures") == "a folder without pictures");
  CHECK(why(dataset, "on top.png") == "beside the classes' folders, in none of them");
  CHECK(why(dataset, "cats/notes.txt") == "no picture by its name, which ends in neither .png nor .jpg");
  CHECK(why(dataset, "cats/text.jpg") == "neither a PNG nor a JPEG, by its content");
  CHECK(why(dataset, "cats/empty.png") == "an empty file");
  for (int i = 0; i < dataset.train.count; ++i) {  // grey became three equal channels, each a plane
    const std::uint8_t* image = dataset.train.pixels.data() + i * 48;
    const bool is_cat = dataset.train.labels[static_cast<std::size_t>(i)] == 1;
    CHECK((image[0] == image[15] && image[16] == (is_cat ? image[0] : 100) && image[47] == (is_cat ? image[0] : 200)));
  }
  REQUIRE(dataset.notes.size() == 2);
  CHECK(dataset.notes[0] == "labels: 0 is 'Dogs, big', 1 is 'cats'");
  CHECK(contains(dataset.notes[1], "20 of the 40 images are in colour"));
}

TEST_CASE("import: a folder that cannot be listed is left out, other endings of JPEG files are read") {
  const Workplace place;
  for (const char* file : {"s/a/1.png", "s/b/2.jfif", "s/b/3.JPE", "s/b/inner/4.png"}) {
    write_picture(place.path() / file, even(4, 4, {9}));  // what it is, its content says
  }
  for (const char* folder : {"s/secret", "s/b/inner"}) {
    fs::create_directories(place.path() / folder);
    fs::permissions(place.path() / folder, fs::perms::none);
  }
  if (::access((place.path() / "s/secret").c_str(), R_OK) == 0) return;  // root reads all
  const ImportedDataset dataset = imported(options_of(place, "s"));
  CHECK(dataset.train.count + dataset.test.count == 3);
  CHECK(why(dataset, "secret") == "a folder that cannot be listed (Permission denied)");
  CHECK(why(dataset, "b/inner") == "a folder that cannot be listed (Permission denied)");
  CHECK(dataset.left_out.size() == 2);
  CHECK(contains(refusal_of([&] { imported(options_of(place, "s/secret")); }), "cannot be listed (Permission denied)"));
  for (const char* folder : {"s/secret", "s/b/inner"}) fs::permissions(place.path() / folder, fs::perms::owner_all);
}

TEST_CASE("import: each class of two images or more has one for tests, and what has none is told") {
  const Workplace place;
  const auto has_note = [](const ImportedDataset& dataset, const std::string& text) {
    return std::any_of(dataset.notes.begin(), dataset.notes.end(),
                       [&](const std::string& note) { return contains(note, text); });
  };
  for (const char* file : {"a/1.png", "a/2.png", "a/3.png", "a/4.png", "b/1.png", "b/2.png", "c/1.png"}) {
    write_picture(place.path() / "s" / file, even(4, 4, {9}));
  }
  DataImportOptions options = options_of(place, "s");
  ImportedDataset dataset = imported(options);
  std::sort(dataset.test.labels.begin(), dataset.test.labels.end());
  CHECK(dataset.test.labels == std::vector<std::uint8_t>{0, 1});
  CHECK(has_note(dataset, "a class without images for tests: 'c'"));
  options.test_share = 0.99;
  dataset = imported(options);
  CHECK((dataset.test.count == 4 && dataset.train.count == 3));
  options.test_share = 0;
  CHECK(has_note(imported(options), "no test images, which evaluate needs"));
}

TEST_CASE("import: grey pictures stay grey, also those that RGB files hold") {
  const Workplace place;
  write_picture(place.path() / "a/1.png", even(4, 4, {9}));
  write_picture(place.path() / "a/2.png", even(4, 4, {7, 7, 7}));
  DataImportOptions options = options_of(place, "a");
  options.test_share = 0;
  CHECK(imported(options).train.channels == 1);
  CHECK(imported(options).classes.empty());
  CHECK(imported(options).train.labels.empty());
  options.channels = 3;
  CHECK(imported(options).train.channels == 3);
  options.channels = 1;
  options.invert = true;
  std::vector<std::uint8_t> pixels = imported(options).train.pixels;
  std::sort(pixels.begin(), pixels.end());
  CHECK((pixels.front() == 246 && pixels.back() == 248));
}

TEST_CASE("import: folders train and test decide which images are for tests") {
  const Workplace place;
  for (const char* file : {"Training/3/a.png", "Training/7/b.png", "Training/7/c.png", "val/7/d.png", "other/x.png"}) {
    write_picture(place.path() / "s" / file, even(4, 4, {5}));
  }
  const ImportedDataset dataset = imported(options_of(place, "s"));
  CHECK((dataset.train.count == 3 && dataset.test.count == 1));
  CHECK(dataset.classes == ClassNames{{3, "3"}, {7, "7"}});  // numbers are labels as they are
  CHECK(dataset.test.labels == std::vector<std::uint8_t>{7});
  CHECK(why(dataset, "other") == "a folder beside train and test");
}

TEST_CASE("import: the seed decides order and test images, threads nothing") {
  const Workplace place;
  for (int i = 0; i < 30; ++i) {
    write_picture(place.path() / "a" / (std::to_string(i) + ".png"), even(4, 4, {static_cast<std::uint8_t>(i)}));
  }
  DataImportOptions options = options_of(place, "a");
  const ImportedDataset first = imported(options);
  options.threads = 5;
  CHECK(imported(options).train.pixels == first.train.pixels);
  CHECK(imported(options).test.pixels == first.test.pixels);
  options.seed = 1;
  CHECK(imported(options).train.pixels != first.train.pixels);
  std::vector<std::uint8_t> all = first.train.pixels;
  all.insert(all.end(), first.test.pixels.begin(), first.test.pixels.end());
  std::sort(all.begin(), all.end());
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i] == i / 16);
}

TEST_CASE("import: tables, with labels and without, in the ranges that pixels come in") {
  const Workplace place;
  const auto table = [&](const std::string& text) {
    std::ofstream(place.path() / "t.csv") << text;
    DataImportOptions options = options_of(place, "t.csv");
    options.size = 2;
    options.test_share = 0;
    return imported(options);
  };
  const ImportedDataset words = table("label,a,b,c,d\nzebra,0,1,2,255\nape,0,1,2,255\nape,0,1,2,255\n");
  CHECK(words.classes == ClassNames{{0, "ape"}, {1, "zebra"}});
  CHECK(std::count(words.train.labels.begin(), words.train.labels.end(), 0) == 2);
  CHECK(std::vector<std::uint8_t>(words.train.pixels.begin(), words.train.pixels.begin() + 4) ==
        std::vector<std::uint8_t>{0, 1, 2, 255});
  CHECK(table("0,1,0.5,0\n").train.pixels == std::vector<std::uint8_t>{0, 255, 128, 0});
  CHECK(contains(table("0,1,0.5,0\n").notes.front(), "from 0 to 1"));
  CHECK(table("-1,1,0,1\n").train.pixels == std::vector<std::uint8_t>{0, 255, 128, 255});
  CHECK(contains(refusal_of([&] { table("0,1,2,256\n"); }),
                 "line 1, value 4: expected pixels from 0 to 255, from 0 to 1 or from -1 to 1, found 256."));
  CHECK(contains(refusal_of([&] { table("label,a,b,c,d\nx,0,0,0,0\ny,1,-0.5,2,4\n"); }),
                 "line 3, value 3: expected pixels from 0 to 255, from 0 to 1 or from -1 to 1, found -0.5, and 4 at "
                 "line 3, value 5."));
  CHECK(contains(refusal_of([&] { table("1,2,3,4,5,6,7\n"); }), "as many values a line as a square has pixels"));
  std::string many;
  for (int i = 0; i < 300; ++i) many += "c" + std::to_string(i) + ",1,2,3,4\n";
  CHECK(contains(refusal_of([&] { table(many); }), "at most 256 classes, found 300"));
}

TEST_CASE("import: NumPy's arrays, in every order of dimensions, and their labels") {
  const Workplace place;
  const auto save = [&](const std::string& name, const Tensor& tensor) {
    const std::vector<std::byte> bytes = encode_npy(tensor);
    std::ofstream(place.path() / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  };
  std::vector<std::byte> values;
  for (int i = 0; i < 24; ++i) values.push_back(static_cast<std::byte>(i));
  DataImportOptions options = options_of(place, "x.npy");
  options.size = 0;
  options.test_share = 0;
  const auto pixels = [&](const std::vector<std::int64_t>& shape) {
    save("x.npy", {"", DType::u8, shape, values});
    return imported(options).train;
  };
  CHECK(pixels({6, 2, 2}).count == 6);
  CHECK(pixels({6, 4}).height == 2);
  CHECK((pixels({2, 3, 2, 2}).channels == 3 && pixels({2, 12}).channels == 3));
  const ImageSet last = pixels({2, 2, 2, 3});
  const bool is_first = last.pixels[0] == 0;
  CHECK(std::vector<int>(last.pixels.begin(), last.pixels.begin() + 4) ==
        (is_first ? std::vector<int>{0, 3, 6, 9} : std::vector<int>{12, 15, 18, 21}));
  for (const std::vector<std::int64_t>& shape :
       {std::vector<std::int64_t>{24}, {2, 2, 2, 2, 1, 1}, {1, 24}, {6, 1, 4}}) {
    CHECK(refusal_of([&] { pixels(shape); }) != "");
  }
  save("x.npy", {"", DType::u8, {0, 2, 2}, {}});
  CHECK(
      contains(refusal_of([&] { imported(options); }), "expected images, found none: the array's shape is [0, 2, 2]"));
  std::vector<std::byte> floats(4 * sizeof(float));
  float given[] = {0, 1, 0.5f, 300};
  std::memcpy(floats.data(), given, sizeof given);
  save("x.npy", {"", DType::f32, {1, 2, 2}, floats});
  CHECK(contains(refusal_of([&] { imported(options); }), "x.npy: [0, 1, 1]: expected pixels"));
  given[3] = 0.25f;
  std::memcpy(floats.data(), given, sizeof given);
  save("x.npy", {"", DType::f32, {1, 2, 2}, floats});
  CHECK(imported(options).train.pixels == std::vector<std::uint8_t>{0, 255, 128, 64});
  const std::int64_t labels[] = {300};
  std::vector<std::byte> label_bytes(sizeof labels);
  std::memcpy(label_bytes.data(), labels, sizeof labels);
  save("y.npy", {"", DType::i64, {1}, label_bytes});
  options.labels = place.path() / "y.npy";
  CHECK(imported(options).classes == ClassNames{{0, "300"}});
  CHECK(imported(options).notes.at(1) ==
        "the classes are not all whole numbers up to 255, so that they got others: 0 is '300'");
  options.labels = place.path() / "x.npy";
  CHECK(contains(refusal_of([&] { imported(options); }), "expected labels as whole numbers"));
}

TEST_CASE("import: IDX files are resized and righted") {
  const Workplace place;
  fs::create_directory(place.path() / "idx");
  ImageSet set{2, 2, 2, 1, {1, 2, 3, 4, 5, 6, 7, 8}, {4, 9}};
  write_idx_folder(place.path() / "idx", Split::train, set);
  set.count = 1;
  set.pixels.resize(4);
  set.labels = {4};
  write_idx_folder(place.path() / "idx", Split::test, set);
  DataImportOptions options = options_of(place, "idx");
  options.size = 0;
  options.transpose = true;
  const ImportedDataset dataset = imported(options);
  CHECK((dataset.train.count == 2 && dataset.test.count == 1 && dataset.train.height == 2));
  CHECK(dataset.test.pixels == std::vector<std::uint8_t>{1, 3, 2, 4});
  CHECK(dataset.classes == ClassNames{{4, "4"}, {9, "9"}});
  CHECK(dataset.left_out.empty());
  std::ofstream(place.path() / "idx" / "cat.png") << "x";
  CHECK(why(imported(options), "cat.png") == "beside the IDX files");
  options.size = 6;
  CHECK(imported(options).train.height == 6);

  options.source = place.path() / "idx" / "train-images-idx3-ubyte";
  options.test_share = 0;
  CHECK(imported(options).classes.empty());
  options.labels = place.path() / "idx" / "train-labels-idx1-ubyte";
  CHECK(imported(options).classes == ClassNames{{4, "4"}, {9, "9"}});
  options.labels = place.path() / "idx" / "t10k-labels-idx1-ubyte";
  CHECK(contains(refusal_of([&] { imported(options); }), "expected 2 labels, as many as there are images, found 1"));
}

TEST_CASE("import: what cannot become a dataset is refused, and leaves nothing behind") {
  const Workplace place;
  write_picture(place.path() / "a/1.png", even(4, 4, {9}));
  write_picture(place.path() / "a/2.png", even(5, 5, {9}));
  write_picture(place.path() / "wide/1.png", even(4, 5, {9}));
  write_picture(place.path() / "no good/1.png", even(4, 5, {9}));
  fs::resize_file(place.path() / "no good/1.png", 20);
  fs::create_directory(place.path() / "empty");
  std::ofstream(place.path() / "x.zip") << "PK";
  const auto refusal = [&](const std::string& source, int size) {
    DataImportOptions options = options_of(place, source);
    options.size = size;
    return refusal_of([&] { data_import(options); });
  };
  CHECK(contains(refusal("a", 0), "--size 0: expected pictures of one size"));
  CHECK(contains(refusal("wide", 0), "found none that can be read; left out:"));
  CHECK(contains(refusal("wide", 0), "5 x 4 pixels, no square; --size N resizes: 1.png"));
  CHECK(contains(refusal("no good", 4), "the PNG cannot be read"));
  CHECK(contains(refusal("empty", 4), "found none that can be read. Name the folder"));
  CHECK(contains(refusal("a/1.png", 4), "expected a folder of pictures, found the picture"));
  CHECK(contains(refusal("x.zip", 4), "unpack it first"));
  CHECK(contains(refusal("nowhere", 4), "found nothing of that name"));
  CHECK(!fs::exists(place.path() / "dataset"));
  for (const std::string& name : names_in(place.path())) CHECK(!contains(name, ".tmp"));

  DataImportOptions options = options_of(place, "a");
  fs::create_directory(options.out);
  std::ofstream(options.out / "mine") << "keep";
  CHECK(contains(refusal_of([&] { data_import(options); }), "--out: expected a new name or an empty folder"));
  CHECK(content_of(options.out / "mine") == "keep");
  options.out = place.path() / "x.zip";
  CHECK(contains(refusal_of([&] { data_import(options); }), "--out: expected a new name"));
}

TEST_CASE("import, info and preview: from pictures to numbers and a picture of all") {
  Workplace place;
  for (int i = 0; i < 10; ++i) {
    write_picture(place.path() / "s/red" / (std::to_string(i) + ".png"), even(6, 6, {255, 0, 0}));
    write_picture(place.path() / "s/<b>blue" / (std::to_string(i) + ".png"), even(6, 6, {0, 0, 255}));
  }
  DataImportOptions options = options_of(place, "s");
  options.out = place.path() / "my set/";  // as completion leaves it
  CHECK(data_import(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "18 training and 2 test images of 4 x 4 pixels, in colour, 2 classes"));
  CHECK(contains(place.out.str(), "train --data '" + (place.path() / "my set/").string() + "'"));
  CHECK(names_in(options.out) == Names{"dataset.json", "t10k-images-idx4-ubyte", "t10k-labels-idx1-ubyte",
                                       "train-images-idx4-ubyte", "train-labels-idx1-ubyte"});
  CHECK(read_class_names(options.out) == ClassNames{{0, "<b>blue"}, {1, "red"}});

  DataInfoOptions info;
  info.program = &mnist_gan();
  info.data = options.out;
  info.result.file = place.path() / "info.json";
  place.out.str("");
  CHECK(data_info(info) == ExitCode::ok);
  CHECK(contains(place.out.str(), "size       4 x 4, in colour"));
  CHECK(contains(place.out.str(), "0.5000 ± 0.5000, 0.0000 ± 0.0000, 0.5000 ± 0.5000"));
  CHECK(contains(place.out.str(), "copies     16 within the training images; 2 of the test images are among them"));
  CHECK(contains(place.out.str(), "<b>blue"));
  const auto json = nlohmann::json::parse(content_of(info.result.file));
  CHECK(json.at("format") == "mnist_gan data info 1");
  CHECK(json.at("name") == "my set");
  CHECK(json.at("classes").at(1) == nlohmann::json{{"label", 1}, {"name", "red"}, {"training", 9}, {"test", 1}});
  CHECK(data_info(info) == ExitCode::ok);  // its own file is replaced
  place.out.str("");
  info.result = {.format = duel::ResultFormat::csv, .file = {}};
  CHECK(data_info(info) == ExitCode::ok);
  CHECK(place.out.str() == "label,name,training,test\n0,<b>blue,9,1\n1,red,9,1\n");

  DataPreviewOptions preview;
  preview.program = &mnist_gan();
  preview.data = options.out;
  preview.outdir = place.path() / "pictures";
  preview.columns = 10;  // one more than there are
  place.out.str("");
  CHECK(data_preview(preview) == ExitCode::ok);
  CHECK(contains(place.out.str(), "preview_my set.png\nrow   1: <b>blue\nrow   2: red\n"));
  const Picture picture = read_picture(preview.outdir / "preview_my set.png");
  REQUIRE((picture.height == 2 * 6 + 2 && picture.width == 10 * 6 + 2 && picture.channels == 3));
  const auto pixel = [&](int y, int x) {
    const auto at = picture.pixels.begin() + (y * picture.width + x) * 3;
    return std::vector<int>(at, at + 3);
  };
  CHECK(pixel(3, 3) == std::vector<int>{0, 0, 255});
  CHECK(pixel(9, 3) == std::vector<int>{255, 0, 0});
  CHECK(pixel(9, 58) == std::vector<int>{0, 0, 0});  // no tenth image
  preview.scale = 3;
  preview.outdir = place.path() / "large";
  CHECK(data_preview(preview) == ExitCode::ok);
  CHECK(read_picture(preview.outdir / "preview_my set.png").width == 3 * picture.width);
  preview.test = true;
  CHECK(data_preview(preview) == ExitCode::ok);
}

TEST_CASE("info: columns stand one below the other, whatever the names of classes are") {
  Workplace place;
  write_idx_folder(place.path(), Split::train, {3, 2, 2, 1, std::vector<std::uint8_t>(12), {0, 1, 2}});
  write_dataset_file(place.path(), "x", {{0, "a\nb"}, {1, "\u732b\u732b"}, {2, std::string(60, 'w')}}, {});
  DataInfoOptions options;
  options.program = &mnist_gan();
  options.data = place.path();
  CHECK(data_info(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "\na\\x0ab" + std::string(18, ' ') + "         1         0  "));
  CHECK(contains(place.out.str(), "\n\u732b\u732b" + std::string(20, ' ') + "         1         0  "));
  CHECK(contains(place.out.str(), "\n" + std::string(24, 'w') + "         1         0  "));
}

TEST_CASE(
    "import: the report says what no training can take, and how many are left out for reasons that it does not name") {
  ImportedDataset dataset;
  dataset.train = {1, 1024, 1024, 3, {}, {}};
  for (int i = 0; i < 10; ++i) {
    for (int k = 0; k <= i; ++k) dataset.left_out.push_back({"x", "reason " + std::to_string(i)});
  }
  const std::string report = import_report(dataset, mnist_gan());
  CHECK(contains(report, "too few images to train on: 2 are the least"));
  CHECK(contains(report, "too large for the usual networks: generator_widths"));
  CHECK(contains(report, "left out, 55 in all (dataset.json names each):\n      10  reason 9: x, ...\n"));
  CHECK(contains(report, "       3  for 2 other reasons\n"));
  dataset.train = {2, 28, 28, 1, {}, {}};
  CHECK(!contains(import_report(dataset, mnist_gan()), "too "));
}

TEST_CASE("names of classes: a damaged file is refused, a missing one is none") {
  const Workplace place;
  CHECK(read_class_names(place.path()).empty());
  for (const char* bad :
       {"", "{", "[]", R"({"classes":{"300":"x"}})", R"({"classes":{"1":2}})", R"({"classes":[1]})"}) {
    std::ofstream(place.path() / kDatasetFile) << bad;
    CHECK_THROWS_AS(read_class_names(place.path()), DataError);
    CHECK(!contains(refusal_of([&] { read_class_names(place.path()); }), "exception"));
  }
  CHECK(contains(refusal_of([&] { read_class_names(place.path()); }), "found no such names"));
  std::ofstream(place.path() / kDatasetFile) << "{\"classes\": {]";
  CHECK(contains(refusal_of([&] { read_class_names(place.path()); }), ": byte 13: expected names of classes by label"));
  std::ofstream(place.path() / kDatasetFile) << R"({"classes":{"26":"z"},"more":1})";
  CHECK(read_class_names(place.path()) == ClassNames{{26, "z"}});
  CHECK((class_name({{26, "z"}}, 26) == "z" && class_name({}, 3) == "3"));
}

TEST_CASE("parallel: each piece once, the first exception is thrown on") {
  for (const int threads : {1, 3, 0}) {
    std::vector<int> calls(100);
    std::size_t last = 0;
    for_each_in_parallel(
        100, threads, [&](std::size_t i) { ++calls[i]; }, [&](std::size_t done) { last = std::max(last, done); });
    CHECK(calls == std::vector<int>(100, 1));
    CHECK(last <= 100);
    CHECK_THROWS_AS(for_each_in_parallel(
                        100, threads,
                        [](std::size_t i) {
                          if (i == 50) throw DataError("50");
                        },
                        [](std::size_t) {}),
                    DataError);
    CHECK_NOTHROW(for_each_in_parallel(
        0, threads, [](std::size_t) { FAIL(); }, [](std::size_t) {}));
  }
}

}  // namespace
}  // namespace duel::app::test
