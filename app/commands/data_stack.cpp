#include "app/commands/data_stack.h"

#include <fmt/core.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/data/dataset_file.h"
#include "app/data/whole_dataset.h"
#include "app/errors/in_file.h"
#include "app/report/html.h"
#include "app/settings/training_program.h"
#include "engine/data/class_labels.h"
#include "engine/data/image_stack.h"
#include "engine/io/input_file.h"
#include "files/new_folder.h"
#include "files/path_text.h"

namespace duel::app {
namespace {

/// Before anything is made.
void require_room(int count, const char* option, const ImageSet& images) {
  const double bytes = 1.0 * count * kStackedChannels * images.height * images.width;
  constexpr double kMost = static_cast<double>(InputFile::kMaxBytes) - 64;
  if (bytes <= kMost) return;
  throw UsageError(fmt::format("--{}: {} images of {} x {} x {} values are {:.1f} GiB; expected less than 2 GiB",
                               option, count, kStackedChannels, images.height, images.width, bytes / (1 << 30)));
}

}  // namespace

ExitCode data_stack(const DataStackOptions& options) {
  const WholeDataset grey = read_whole_dataset(*options.program, options.data);
  require_room(options.count, "count", grey.train);
  require_room(options.test_count, "test-count", grey.train);
  NewFolder folder("--out", options.out);
  std::mt19937_64 random(options.seed);
  const auto stacked = [&](const ImageSet& images, int count) {
    return in_file(grey.folder.string(), [&] { return stack_images(images, count, random); });
  };
  write_idx_folder(folder.path(), Split::train, stacked(grey.train, options.count));
  const int tests = grey.test.count > 0 ? options.test_count : 0;
  if (tests > 0) write_idx_folder(folder.path(), Split::test, stacked(grey.test, tests));
  const std::filesystem::path named = options.out.has_filename() ? options.out : options.out.parent_path();
  write_dataset_file(folder.path(), std::filesystem::absolute(named).lexically_normal().filename().string(),
                     grey.classes,
                     {{"source", path_text(std::filesystem::absolute(grey.folder))},
                      {"stacked_channels", kStackedChannels},
                      {"training_images", options.count},
                      {"test_images", tests},
                      {"seed", options.seed}});
  folder.keep();
  const int classes = ClassLabels(grey.train.labels).count();
  const std::string out = shell_path(options.out), program = options.program->name;
  std::cout << fmt::format(
      "{}: {} training and {} test images of {} x {} pixels, three images of {} over each other, {} combinations of {} "
      "classes\n{}look:  {} data preview {}\ntrain: {} train --data {}\n",
      options.out.string(), whole_number(options.count), whole_number(tests), grey.train.width, grey.train.height,
      grey.train.name, whole_number(classes * classes * classes), classes,
      tests == 0 ? "  no test images, which evaluate needs: the dataset has none\n" : "", program, out, program, out);
  return ExitCode::ok;
}

}  // namespace duel::app
