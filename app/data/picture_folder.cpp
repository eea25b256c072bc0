// Pictures in a folder and those below it.
#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "app/data/found_images.h"
#include "app/data/parallel.h"
#include "engine/io/picture_file.h"
#include "files/folders.h"
#include "files/text.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

/// A picture by its name, whose content nobody has looked at.
struct NamedPicture {
  fs::path file;
  std::string class_name;  ///< "": none
  Split split = Split::train;
};

std::optional<Split> split_of_name(const fs::path& folder) {
  const std::string name = lower_case(folder.filename().string());
  if (name == "train" || name == "training") return Split::train;
  for (const char* test : {"test", "testing", "t10k", "val", "valid", "validation"}) {
    if (name == test) return Split::test;
  }
  return std::nullopt;
}

bool is_hidden(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with('.') || name == "Thumbs.db" || name == "desktop.ini" || name == "__MACOSX";
}

constexpr const char* kNoPictureName = "no picture by its name, which ends in neither .png nor .jpg";

/// Walks over the folders of a source; each once, by whatever link.
class Walk {
 public:
  explicit Walk(fs::path root) : root_(std::move(root)) { enter(root_); }

  /// Direct subfolders and files that are not hidden, by name.
  struct Content {
    std::vector<fs::path> folders, files;
  };
  Content content_of(const fs::path& folder) {
    Content content;
    for (const auto& entry : listed(folder)) {
      std::error_code error;
      const fs::file_status status = entry.status(error);
      if (is_hidden(entry.path())) {
        leave_out(entry.path(), "hidden, or of another system");
      } else if (fs::is_directory(status)) {
        if (enter(entry.path())) {
          content.folders.push_back(entry.path());
        } else {
          leave_out(entry.path(), "a link to a folder that is looked at already");
        }
      } else {
        content.files.push_back(entry.path());
      }
    }
    std::sort(content.folders.begin(), content.folders.end());
    std::sort(content.files.begin(), content.files.end());
    return content;
  }

  /// The pictures among them and below.
  void take(const Content& content, const std::string& class_name, Split split) {
    for (const fs::path& file : content.files) {
      if (has_picture_name(file)) {
        pictures.push_back({file, class_name, split});
      } else {
        leave_out(file, kNoPictureName);
      }
    }
    for (const fs::path& folder : content.folders) take(content_of(folder), class_name, split);
  }

  void leave_out(const fs::path& file, const std::string& why) {
    left_out.push_back({file.lexically_relative(root_).string(), why});
  }

  /// Subfolders as classes, or the folder's own pictures where none of these has any.
  void take_classes(const Content& content, Split split) {
    const std::size_t before = pictures.size();
    for (const fs::path& folder : content.folders) {
      const std::size_t others = pictures.size();
      take(content_of(folder), folder.filename().string(), split);
      if (pictures.size() == others && !is_left_out(folder)) leave_out(folder, "a folder without pictures");
    }
    const bool has_classes = pictures.size() > before;
    for (const fs::path& file : content.files) {
      if (!has_picture_name(file)) {
        leave_out(file, kNoPictureName);
      } else if (has_classes) {
        leave_out(file, "beside the classes' folders, in none of them");
      } else {
        pictures.push_back({file, "", split});
      }
    }
  }

  std::vector<NamedPicture> pictures;
  std::vector<LeftOut> left_out;

 private:
  /// Nothing of a folder that cannot be read, which is left out.
  std::vector<fs::directory_entry> listed(const fs::path& folder) {
    try {
      return entries_of(folder);
    } catch (const std::system_error& error) {
      leave_out(folder, "a folder that cannot be listed (" + error.code().message() + ")");
      return {};
    }
  }

  bool is_left_out(const fs::path& folder) const {
    const std::string what = folder.lexically_relative(root_).string();
    return std::any_of(left_out.begin(), left_out.end(), [&](const LeftOut& one) { return one.what == what; });
  }

  bool enter(const fs::path& folder) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) return false;
    return seen_.emplace(status.st_dev, status.st_ino).second;
  }

  fs::path root_;
  std::set<std::pair<dev_t, ino_t>> seen_;
};

/// Returns whether the folder itself tells training from test images.
bool take_splits(Walk& walk, const Walk::Content& content) {
  const auto is_train = [](const fs::path& folder) { return split_of_name(folder) == Split::train; };
  if (std::none_of(content.folders.begin(), content.folders.end(), is_train)) return false;
  for (const fs::path& folder : content.folders) {
    const std::optional<Split> split = split_of_name(folder);
    Walk::Content inner = walk.content_of(folder);
    if (split) {
      walk.take_classes(inner, *split);
    } else {
      walk.leave_out(folder, "a folder beside train and test");
    }
  }
  for (const fs::path& file : content.files) walk.leave_out(file, "beside train and test, in neither of them");
  return true;
}

/// What a reader's message says that it found.
std::string reason(const std::string& message, const fs::path& file) {
  const std::string beginning = file.string() + ": ", found = ", found ", mend = ". ";
  std::string text = message.starts_with(beginning) ? message.substr(beginning.size()) : message;
  if (const auto at = text.find(found); at != std::string::npos) text.erase(0, at + found.size());
  return text.substr(0, text.rfind(mend));
}

}  // namespace

FoundImages find_pictures(const DataImportOptions& settings, const ImportProgress& progress) {
  Walk walk(settings.source);
  const Walk::Content content = walk.content_of(settings.source);
  const bool has_splits = take_splits(walk, content);
  if (!has_splits) walk.take_classes(content, Split::train);
  FoundImages found{.images = {}, .classes = {}, .left_out = std::move(walk.left_out)};

  std::vector<std::string> names;
  for (const NamedPicture& picture : walk.pictures) names.push_back(picture.class_name);
  const bool has_classes = std::any_of(names.begin(), names.end(), [](const auto& name) { return !name.empty(); });
  if (has_classes) found.classes = number_classes(names, settings.source, found.notes);
  const std::map<std::string, int> labels = labels_by_name(found.classes);

  struct Read {
    Picture picture;
    std::string problem;
  };
  std::vector<Read> read(walk.pictures.size());
  const std::uint8_t ground = ground_value(settings);
  for_each_in_parallel(
      read.size(), settings.threads,
      [&](std::size_t i) {
        const fs::path& file = walk.pictures[i].file;
        try {
          read[i].picture = prepared(read_picture(file, ground), settings);
        } catch (const DataError& error) {
          read[i].problem = reason(error.what(), file);
        } catch (const std::invalid_argument& error) {
          read[i].problem = error.what();
        }
      },
      [&](std::size_t done) { progress(done, read.size()); });
  for (std::size_t i = 0; i < read.size(); ++i) {
    const NamedPicture& named = walk.pictures[i];
    if (!read[i].problem.empty()) {
      found.left_out.push_back({named.file.lexically_relative(settings.source).string(), read[i].problem});
      continue;
    }
    found.images.push_back({std::move(read[i].picture), has_classes ? labels.at(named.class_name) : 0, named.split});
  }
  return found;
}

}  // namespace duel::app
