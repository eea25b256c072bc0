// Datasets from the network: whole and checked or not at all.
#include "app/commands/data_fetch.h"

#include "app/data/dataset_file.h"
#include "app/data/download.h"
#include "app/data/whole_dataset.h"
#include "app/settings/commands.h"
#include "duel_has.h"
#include "files/file_lock.h"
#include "kernels/external/sha256.h"
#include "tests/app/data/loopback_server.h"
#include "tests/app/workplace.h"
#include "tests/engine/io/idx_files.h"

#if DUEL_HAS_ZIP
#include <zip.h>
#endif

namespace duel::app::test {
namespace {

using duel::test::LoopbackServer;

DownloadFile described(const std::string& name, const std::string& content) {
  return {name, content.size(), sha256(content)};
}

/// A program that knows a dataset of four small files at no mirror but that of --mirror, and one in an archive.
struct SmallProgram {
  std::map<std::string, std::string> content;
  TrainingProgram program = mnist_gan();

  SmallProgram() {
    const auto text_of = [](const duel::test::Bytes& bytes) { return std::string(bytes.begin(), bytes.end()); };
    content["t10k-labels-idx1-ubyte.gz"] = text_of(duel::test::gzip(duel::test::labels(1)));
    content["t10k-images-idx3-ubyte.gz"] = text_of(duel::test::gzip(duel::test::images(1, 3, 3)));
    content["train-labels-idx1-ubyte.gz"] = text_of(duel::test::gzip(duel::test::labels(200)));
    content["train-images-idx3-ubyte.gz"] = text_of(duel::test::gzip(duel::test::images(200, 3, 3)));
    Download download{.name = "small", .about = "Small images", .mirrors = {}, .files = {}, .classes = {{1, "one"}}};
    for (const char* name : {"t10k-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
                             "train-images-idx3-ubyte.gz"}) {
      download.files.push_back(described(name, content[name]));
    }
    program.downloads = {download};
  }
  void serve(LoopbackServer& server) const {
    for (const auto& [name, bytes] : content) server.put(name, {bytes});
  }
  DataFetchOptions options(const Workplace& place, const LoopbackServer& server) const {
    DataFetchOptions options;
    options.program = &program;
    options.name = "small";
    options.out = place.path() / "out";
    options.mirror = server.url();
    return options;
  }
};

#if DUEL_HAS_CURL
std::string some_bytes(std::size_t count, char salt) {
  std::string bytes(count, salt);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>(salt + i * i % 251);
  return bytes;
}

/// What the server sends arrives at `target`, or the refusal is told.
std::string fetch(const std::vector<const LoopbackServer*>& servers, const std::string& wanted,
                  const fs::path& target) {
  std::vector<std::string> mirrors;
  for (const LoopbackServer* server : servers) mirrors.push_back(server->url());
  return refusal_of([&] { download_file(described("file", wanted), mirrors, target, {.patience = 20}); });
}

TEST_CASE("download: a file arrives whole, in one request, and a second call asks for nothing") {
  const Workplace place;
  LoopbackServer server;
  const std::string content = some_bytes(200'000, 'a');
  server.put("file", {content});
  const fs::path target = place.path() / "file";
  CHECK(fetch({&server}, content, target) == "");
  CHECK((content_of(target) == content));
  CHECK(fetch({&server}, content, target) == "");
  CHECK(server.requests() == Names{"file from 0"});
  CHECK(!fs::exists(place.path() / "file.part"));
}

TEST_CASE("fetch: a folder that lacks the files is told as one, and no empty folder stays") {
  const Workplace place;
  const SmallProgram small;
  DataFetchOptions options;
  options.program = &small.program;
  options.name = "small";
  options.out = place.path() / "deep/out";
  options.mirror = "file://" + (place.path() / "nosuch").string();
  const std::string refusal = refusal_of([&] { data_fetch(options); });
  CHECK(contains(refusal, "could not be copied:"));
  CHECK(contains(refusal, "Check the folder that --mirror names."));
  CHECK(!contains(refusal, "network"));
  CHECK(!fs::exists(place.path() / "deep"));
}

TEST_CASE("download: what was interrupted goes on where it stopped, also at another mirror") {
  const Workplace place;
  LoopbackServer dies, lives;
  const std::string content = some_bytes(100'000, 'b');
  dies.put("file", {.content = content, .cut_after = 30'000});
  const fs::path target = place.path() / "file";
  CHECK(contains(fetch({&dies}, content, target), "file could not be downloaded:\n  " + dies.url() + "file: "));
  CHECK(!fs::exists(target));
  CHECK(fs::file_size(place.path() / "file.part") == 30'000);
  CHECK(fetch({&dies, &lives}, content, target) != "");
  lives.put("file", {content});
  CHECK(fetch({&lives}, content, target) == "");
  CHECK((content_of(target) == content));
  CHECK(dies.requests() == Names{"file from 0", "file from 30000"});
  CHECK(lives.requests() == Names{"file from 60000", "file from 60000"});
}

TEST_CASE("download: a server without ranges, or with a shorter file, begins anew") {
  for (const bool knows_ranges : {false, true}) {
    const Workplace place;
    LoopbackServer server;
    const std::string content = some_bytes(5'000, 'c');
    server.put("file", {.content = content, .knows_ranges = knows_ranges});
    std::ofstream(place.path() / "file.part") << some_bytes(4'000, 'x');  // of something else
    CHECK(fetch({&server}, content, place.path() / "file") == "");
    CHECK((content_of(place.path() / "file") == content));
  }
  const Workplace place;
  LoopbackServer shorter, good;
  const std::string content = some_bytes(5'000, 'c');
  shorter.put("file", {some_bytes(1'000, 'd')});
  good.put("file", {content});
  std::ofstream(place.path() / "file.part") << content.substr(0, 3'000);
  CHECK(fetch({&shorter, &good}, content, place.path() / "file") == "");
  CHECK((content_of(place.path() / "file") == content));
}

TEST_CASE("download: another file than the published one never gets the name") {
  const std::string content = some_bytes(5'000, 'e');
  const std::pair<std::string, std::string> wrong[] = {
      {some_bytes(5'000, 'f'), "it has another file: expected SHA-256"},
      {some_bytes(5'001, 'e'), "more than the 5000 bytes"},
      {content.substr(0, 4'999), "it has a shorter file: expected 5000"},
      {"", "it has a shorter file"}};
  for (const auto& [served, says] : wrong) {
    const Workplace place;
    LoopbackServer bad, good;
    bad.put("file", {served});
    CAPTURE(says);
    CHECK(contains(fetch({&bad}, content, place.path() / "file"), says));
    CHECK(!fs::exists(place.path() / "file"));
    good.put("file", {content});
    CHECK(fetch({&bad, &good}, content, place.path() / "file") == "");
    CHECK((content_of(place.path() / "file") == content));
  }
}

TEST_CASE("download: every mirror's reason is told, and nothing stays of it") {
  const Workplace place;
  LoopbackServer missing, broken;
  broken.put("file", {.content = "", .status = 500});
  std::string nobody;
  {
    const LoopbackServer gone;
    nobody = gone.url();
  }
  const std::string message = refusal_of([&] {
    download_file(described("file", "x"), {missing.url(), broken.url(), nobody}, place.path() / "file",
                  {.patience = 5});
  });
  CHECK(contains(message, missing.url() + "file: The requested URL returned error: 404"));
  CHECK(contains(message, broken.url() + "file: The requested URL returned error: 500"));
  CHECK(contains(message, nobody + "file: Failed to connect"));
  CHECK(!fs::exists(place.path() / "file.part"));
}

TEST_CASE("download: redirections are followed, but not to this machine's files") {
  const Workplace place;
  LoopbackServer server;
  std::ofstream(place.path() / "secret") << "x";
  server.put("file", {.content = "", .status = 302, .location = "/moved"});
  server.put("moved", {"x"});
  CHECK(fetch({&server}, "x", place.path() / "file") == "");
  fs::remove(place.path() / "file");
  server.put("file", {.content = "", .status = 302, .location = "file://" + (place.path() / "secret").string()});
  CHECK(fetch({&server}, "x", place.path() / "file") != "");
  CHECK(!fs::exists(place.path() / "file"));
}

TEST_CASE("fetch: a dataset with its classes' names, once") {
  Workplace place;
  const SmallProgram small;
  LoopbackServer server;
  small.serve(server);
  DataFetchOptions options = small.options(place, server);
  CHECK(data_fetch(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), options.out.string() + ": Small images\nlook:  mnist_gan data preview "));
  CHECK(contains(place.out.str(), "\ntrain: mnist_gan train --data " + options.out.string() + "\n"));
  const WholeDataset dataset = read_whole_dataset(small.program, options.out);
  CHECK((dataset.train.count == 200 && dataset.test.count == 1 && dataset.classes == ClassNames{{1, "one"}}));
  CHECK(names_in(options.out).size() == 5);
  CHECK(server.requests().size() == 4);
  CHECK(data_fetch(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "Small images; it was there already"));
  CHECK(server.requests().size() == 4);

  std::ofstream(options.out / "t10k-labels-idx1-ubyte.gz") << "mine";
  CHECK(contains(refusal_of([&] { data_fetch(options); }), "it is another file than the published one"));
  CHECK(content_of(options.out / "t10k-labels-idx1-ubyte.gz") == "mine");

  options.mirror = "file://" + (place.path() / "copies").string();
  options.out = place.path() / "from a disk";
  fs::create_directory(place.path() / "copies");
  for (const auto& [name, bytes] : small.content) std::ofstream(place.path() / "copies" / name) << bytes;
  CHECK(data_fetch(options) == ExitCode::ok);
}

TEST_CASE("fetch: the usual folder is where training looks, and two at a time are one too many") {
  Workplace place;
  setenv("XDG_DATA_HOME", place.path().c_str(), 1);
  SmallProgram small;
  small.program.data.of_user = "mnist_gan/small";
  LoopbackServer server;
  small.serve(server);
  DataFetchOptions options = small.options(place, server);
  options.out.clear();
  const fs::path folder = place.path() / "mnist_gan" / "small";
  fs::create_directories(folder);
  {
    const auto lock = FileLock::try_for(folder);
    CHECK(contains(refusal_of([&] { data_fetch(options); }), "another process downloads to"));
  }
  CHECK(data_fetch(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "train: mnist_gan train, which finds it there\n"));
  unsetenv("XDG_DATA_HOME");
}

#if DUEL_HAS_ZIP
/// An archive with these entries.
std::string archive_of(const fs::path& file, const std::map<std::string, duel::test::Bytes>& entries) {
  int error = 0;
  zip_t* const zip = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
  REQUIRE(zip != nullptr);
  for (const auto& [name, bytes] : entries) {
    REQUIRE(zip_file_add(zip, name.c_str(), zip_source_buffer(zip, bytes.data(), bytes.size(), 0), 0) >= 0);
  }
  REQUIRE(zip_close(zip) == 0);
  return content_of(file);
}

TEST_CASE("fetch: a part of an archive, whose images are put right") {
  using duel::test::gzip, duel::test::images, duel::test::labels, duel::test::Bytes;
  Workplace place;
  SmallProgram small;
  LoopbackServer server;
  const Bytes lying = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4};
  const std::string archive =
      archive_of(place.path() / "a.zip", {{"gzip/x-big-train-images-idx3-ubyte.gz", gzip(lying)},
                                          {"gzip/x-big-train-labels-idx1-ubyte.gz", gzip(labels(1))},
                                          {"gzip/x-big-test-images-idx3-ubyte.gz", gzip(images(2, 2, 2))},
                                          {"gzip/x-big-test-labels-idx1-ubyte.gz", gzip(labels(2))},
                                          {"gzip/x-torn-train-images-idx3-ubyte.gz", gzip(lying)},
                                          {"gzip/x-torn-train-labels-idx1-ubyte.gz", gzip(labels(9))}});
  small.program.downloads = {
      {.name = "small",
       .about = "Archived images",
       .mirrors = {},
       .files = {described("a.zip", archive)},
       .parts = {{"big", "gzip/x-big", {{0, "zero"}}}, {"torn", "gzip/x-torn", {}}, {"none", "gzip/x-none", {}}},
       .is_transposed = true}};
  server.put("a.zip", {archive});
  DataFetchOptions options = small.options(place, server);
  CHECK(data_fetch(options) == ExitCode::ok);
  const WholeDataset dataset = read_whole_dataset(small.program, options.out / "big");
  CHECK(dataset.train.pixels == Bytes{1, 3, 2, 4});
  CHECK(dataset.test.pixels == Bytes{1, 3, 2, 4, 5, 7, 6, 8});
  CHECK(dataset.classes == ClassNames{{0, "zero"}});
  CHECK(dataset.train.name == "big");
  CHECK(data_fetch(options) == ExitCode::ok);
  CHECK(contains(place.out.str(), "Archived images; it was there already"));
  for (const auto& [part, says] : {std::pair{"torn", "expected a label for each of the 1 images of torn, found 9"},
                                   {"none", "expected an entry 'gzip/x-none-train-images-idx3-ubyte.gz'"}}) {
    options.part = part;
    CHECK(contains(refusal_of([&] { data_fetch(options); }), says));
    CHECK(!fs::exists(options.out / part));
  }
  CHECK(names_in(options.out) == Names{"a.zip", "big"});
  CHECK(server.requests().size() == 1);
}
#endif
#else
TEST_CASE("fetch: a build without libcurl says what to install") {
  Workplace place;
  const SmallProgram small;
  const LoopbackServer server;
  CHECK(contains(refusal_of([&] { data_fetch(small.options(place, server)); }), "libcurl4-openssl-dev"));
}
#endif

TEST_CASE("fetch: names, parts and mirrors that do not exist are refused") {
  const auto refusal = [](const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"data", "fetch"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return refusal_of([&] { parse_command_line(mnist_gan(), all, {}); });
  };
  CHECK(refusal({"mnist"}) == "");
  CHECK(
      contains(refusal({"mnists"}), "expected mnist, fashion, kmnist or emnist, found 'mnists'; did you mean mnist?"));
  CHECK(contains(refusal({"mnist", "--part", "letters"}), "--part: expected none: mnist is one dataset"));
  CHECK(refusal({"emnist", "--part", "balanced"}) == "");
  CHECK(contains(refusal({"emnist", "--part", "letter"}), "did you mean letters?"));
  CHECK(contains(refusal({"mnist", "--mirror", "ftp://x/"}), "--mirror: expected a URL that begins with https://"));
  CHECK(contains(refusal({"mnist", "--patience", "0"}), "--patience: expected 1 to 3600"));
}

TEST_CASE("fetch: the table of downloads is whole") {
  for (const Download& download : mnist_gan().downloads) {
    CAPTURE(download.name);
    CHECK(!download.mirrors.empty());
    for (const std::string& mirror : download.mirrors) CHECK((mirror.starts_with("http") && mirror.ends_with('/')));
    CHECK(download.files.size() == (download.parts.empty() ? 4u : 1u));
    for (const DownloadFile& file : download.files) {
      CHECK(file.bytes > 1000);
      CHECK((file.sha256.size() == 64 && file.sha256.find_first_not_of("0123456789abcdef") == std::string::npos));
    }
    if (download.parts.empty()) {  // a folder is a dataset when the last file is there
      CHECK(download.files.back().name == "train-images-idx3-ubyte.gz");
      CHECK(download.classes.size() == 10);
    }
  }
  const std::vector<ArchivePart>& parts = mnist_gan().downloads.back().parts;
  REQUIRE(parts.size() == 6);
  CHECK((parts[0].classes.begin()->first == 1 && parts[0].classes.size() == 26));
  CHECK((parts[2].classes.size() == 47 && parts[2].classes.at(46) == "t" && parts[4].classes.size() == 62));
}

}  // namespace
}  // namespace duel::app::test
