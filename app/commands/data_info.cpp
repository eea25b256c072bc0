#include "app/commands/data_info.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "app/data/dataset_summary.h"
#include "app/report/html.h"
#include "app/settings/training_program.h"
#include "files/text.h"

namespace duel::app {
namespace {

std::string bar(double share, int width) {
  std::string text;
  for (int i = 0; i < static_cast<int>(std::lround(share * width)); ++i) text += "█";
  return text;
}

std::string count_text(std::int64_t count) {
  return whole_number(static_cast<double>(count));
}

/// As the terminal gets it.
std::string shown_name(const ClassCount& one) {
  return excerpt(one.name);
}

std::string classes_text(const std::vector<ClassCount>& classes) {
  constexpr std::size_t kMostColumns = 24;
  constexpr int kBarWidth = 28;
  std::size_t columns = 5;
  std::int64_t most = 1;
  for (const ClassCount& one : classes) {
    columns = std::clamp(columns_in(shown_name(one)), columns, kMostColumns);
    most = std::max(most, one.train);
  }
  std::string text = fmt::format("{} {:>9} {:>9}\n", in_columns("class", columns), "training", "test");
  for (const ClassCount& one : classes) {
    const double share = static_cast<double>(one.train) / static_cast<double>(most);
    text += fmt::format("{} {:>9} {:>9}  {}\n", in_columns(shown_name(one), columns), count_text(one.train),
                        count_text(one.test), bar(share, kBarWidth));
  }
  return text;
}

std::string summary_text(const DatasetSummary& summary) {
  std::string pixels;
  for (std::size_t c = 0; c < summary.means.size(); ++c) {
    pixels += fmt::format("{}{:.4f} ± {:.4f}", c > 0 ? ", " : "", summary.means[c], summary.deviations[c]);
  }
  std::string text = fmt::format(
      "{}\n\n"
      "images     {} training, {} test\n"
      "size       {} x {}, {}\n"
      "pixels     {}, from 0 (black) to 1\n"
      "copies     {} within the training images; {} of the test images are among them\n"
      "checksum   xxh3:{}\n",
      summary.folder.string(), count_text(summary.train), count_text(summary.test), summary.width, summary.height,
      summary.channels == 3 ? "in colour" : "grey", pixels, count_text(summary.copies_in_train),
      count_text(summary.test_in_train), summary.checksum);
  if (summary.stacked) {
    return text + fmt::format("classes    {} in each of {} channels, {} together, of which {} occur\n",
                              summary.stacked->of_channel, summary.channels, count_text(summary.stacked->combinations),
                              count_text(summary.stacked->found));
  }
  if (summary.classes.empty()) return text + "classes    no labels\n";
  text += fmt::format("classes    {}\n\n", summary.classes.size());
  return text + classes_text(summary.classes);
}

}  // namespace

ExitCode data_info(const DataInfoOptions& options) {
  const std::string title = options.program->name + " data info";
  ResultOutput output(options.result, title, classes_csv({}), ResultFormat::json);
  const DatasetSummary summary = summarise(read_whole_dataset(*options.program, options.data));
  output.deliver(
      {.text = summary_text(summary), .csv = classes_csv(summary.classes), .json = summary_json(summary, title + " 1")},
      std::cout);
  return ExitCode::ok;
}

}  // namespace duel::app
