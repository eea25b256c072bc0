#include "app/commands/data_fetch.h"

#include <fmt/core.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/data/dataset_file.h"
#include "app/data/dataset_places.h"
#include "app/data/download.h"
#include "app/data/found_images.h"
#include "app/data/zip_entry.h"
#include "app/report/progress.h"
#include "app/settings/training_program.h"
#include "engine/io/idx.h"
#include "engine/measure/monotonic_clock.h"
#include "engine/measure/progress_line.h"
#include "engine/measure/work_progress.h"
#include "files/file_lock.h"
#include "files/folders.h"
#include "files/new_folder.h"
#include "files/path_text.h"
#include "files/text.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

constexpr double kMegabyte = 1e6;

fs::path usual_folder(const DataFetchOptions& options) {
  const fs::path name = options.program->data.of_user.parent_path() / options.name;
  const DatasetPlace place = place_of_user_data(name);
  if (!place.folder) throw UsageError("--out: expected a folder, as " + place.origin + " are not set");
  return *place.folder;
}

/// All files of the dataset, into the folder. Returns whether one was missing.
bool download_files(const DataFetchOptions& options, const Download& download, const fs::path& folder) {
  std::vector<std::string> mirrors = download.mirrors;
  if (!options.mirror.empty()) mirrors = {options.mirror + (options.mirror.ends_with('/') ? "" : "/")};
  double total = 0;
  for (const DownloadFile& file : download.files) total += static_cast<double>(file.bytes);
  ProgressLine line(std::cerr, ProgressLine::Elsewhere::later_lines);
  WorkProgress work(total, monotonic_seconds);
  bool was_missing = false;
  for (const DownloadFile& file : download.files) {
    std::optional<std::uint64_t> before;
    work.begin(static_cast<double>(file.bytes));
    const DownloadOptions how = {
        .patience = options.patience,
        .progress =
            [&](std::uint64_t bytes) {
              work.advance(static_cast<double>(bytes - before.value_or(bytes)));
              before = bytes;
              const std::optional<double> left = work.seconds_left();
              line.show(fmt::format("{}  {:.1f} of {:.1f} MB{}", file.name, static_cast<double>(bytes) / kMegabyte,
                                    static_cast<double>(file.bytes) / kMegabyte,
                                    left ? "  eta " + format_duration(*left) : ""));
            },
        .note =
            [&](const std::string& note) {
              line.clear();
              warn(*options.program, note);
            }};
    if (download_file(file, mirrors, folder / file.name, how)) was_missing = true;
  }
  return was_missing;
}

/// One split of an archive's part, as IDX files.
ImageSet read_split(const fs::path& archive, const ArchivePart& part, const std::string& split,
                    const fs::path& scratch) {
  const auto extract = [&](const std::string& kind) {
    const std::string entry = part.beginning + "-" + split + "-" + kind + "-ubyte.gz";
    const fs::path file = scratch / fs::path(entry).filename();
    extract_zip_entry(archive, entry, file);
    return file;
  };
  const fs::path images = extract("images-idx3"), labels = extract("labels-idx1");
  ImageSet set = read_idx_images(images);
  set.labels = read_idx_labels(labels);
  if (set.labels.size() != static_cast<std::size_t>(set.count)) {
    throw DataError(archive.string() + ": expected a label for each of the " + std::to_string(set.count) +
                    " images of " + part.name + ", found " + std::to_string(set.labels.size()));
  }
  fs::remove(images);
  fs::remove(labels);
  return set;
}

void transpose_images(ImageSet& set) {
  const auto side = static_cast<std::size_t>(set.height);
  if (set.height != set.width) throw DataError("expected square images, which can be turned; found others");
  for (auto image = set.pixels.begin(); image != set.pixels.end(); image += static_cast<std::ptrdiff_t>(side * side)) {
    for (std::size_t y = 0; y < side; ++y) {
      for (std::size_t x = 0; x < y; ++x) std::swap(image[y * side + x], image[x * side + y]);
    }
  }
}

/// Returns whether it was missing.
bool unpack(const Download& download, const ArchivePart& part, const fs::path& archive, const fs::path& folder) {
  if (has_idx_images(folder, Split::train)) return false;
  std::cerr << "unpacking " << part.name << "\n";
  NewFolder unpacked("--out", folder);
  for (const Split split : {Split::train, Split::test}) {
    ImageSet set = read_split(archive, part, split == Split::train ? "train" : "test", unpacked.path());
    if (download.is_transposed) transpose_images(set);
    write_idx_folder(unpacked.path(), split, set);
  }
  write_dataset_file(unpacked.path(), download.name + " " + part.name, part.classes, {});
  unpacked.keep();
  return true;
}

/// A folder, with what is missing above it; what is made and stays empty is removed in the end.
class FolderForFiles {
 public:
  explicit FolderForFiles(const fs::path& folder) {
    std::error_code error;
    for (fs::path at = fs::absolute(folder); !fs::exists(at, error); at = at.parent_path()) made_.push_back(at);
    make_folders(folder);
  }
  ~FolderForFiles() {
    std::error_code error;
    for (const fs::path& folder : made_) fs::remove(folder, error);  // refused where it holds something
  }
  FolderForFiles(const FolderForFiles&) = delete;
  FolderForFiles& operator=(const FolderForFiles&) = delete;

 private:
  std::vector<fs::path> made_;  ///< the innermost first
};

}  // namespace

ExitCode data_fetch(const DataFetchOptions& options) {
  const Download& download = download_of(options);
  const ArchivePart* const part = part_of(options);
  if (part != nullptr) require_archives();
  fs::path folder = options.out.empty() ? usual_folder(options) : options.out;
  check_folder_name("--out", folder);
  const FolderForFiles made(folder);
  const std::optional<FileLock> lock = FileLock::try_for(folder);
  if (!lock)
    throw UsageError("another process downloads to " + in_quotes(folder) + "; wait for it, or name another --out");
  bool was_missing = download_files(options, download, folder);
  if (part != nullptr) {
    const fs::path archive = folder / download.files.front().name;
    folder /= part->name;
    was_missing = unpack(download, *part, archive, folder);
  } else if (!fs::exists(fs::symlink_status(folder / kDatasetFile))) {
    write_dataset_file(folder, download.name, download.classes, {});
  }
  const std::string& program = options.program->name;
  const bool is_usual = options.out.empty() && folder == usual_folder(options) &&
                        folder.filename() == options.program->data.of_user.filename();
  std::cout << folder.string() << ": " << download.about << (was_missing ? "" : "; it was there already")
            << "\nlook:  " << program << " data preview " << shell_path(folder) << "\ntrain: " << program << " train"
            << (is_usual ? ", which finds it there" : " --data " + shell_path(folder)) << "\n";
  return ExitCode::ok;
}

}  // namespace duel::app
