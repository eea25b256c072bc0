// The files of a run folder, as the report and lists of runs read them. An input holds several files (files_in()).
#include <stdlib.h>

#include <fstream>

#include "app/report/page.h"
#include "app/runs/run_table.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "files/text.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"

namespace duel::fuzz {
namespace {

namespace fs = std::filesystem;

/// Lives as long as the program.
struct RunFolder {
  RunFolder() {
    std::string name = (fs::temp_directory_path() / "duel-fuzz-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) broken_promise("mkdtemp failed");
    path = name;
  }
  ~RunFolder() { fs::remove_all(path); }
  fs::path path;
};

}  // namespace

void read_run_folder(Input input) {
  static const RunFolder folder;
  const auto files = files_in(input);
  for (const char* name : {"config.toml", "kernels.json", "log.txt", "outcome.json", "stats.jsonl", "stats.csv",
                           "convergence.jsonl", "quality.json", "dataset.json"}) {
    const auto found = files.find(name);
    if (found != files.end()) {
      std::ofstream(folder.path / name, std::ios::binary) << found->second;
    } else {
      fs::remove(folder.path / name);
    }
  }
  const app::RunRecord run = app::read_run(app::mnist_gan(), folder.path);
  const std::string page = app::report_page(run);
  if (valid_utf8(page) != page) broken_promise("the page is not UTF-8");
  const std::vector<app::RunSummary> list = {app::summary_of(run, "run")};
  const std::string json = app::runs_json(list);
  if (valid_utf8(json) != json) broken_promise("the list of runs is not UTF-8");
  if (app::runs_text(list, 80).empty() || app::runs_csv(list).empty()) broken_promise("a list without the run");
}

}  // namespace duel::fuzz
