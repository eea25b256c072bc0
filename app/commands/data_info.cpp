#include "app/commands/data_info.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "app/data/dataset_summary.h"
#include "app/report/html.h"
#include "app/settings/training_program.h"
#include "files/output_file.h"

namespace duel::app {
namespace {

std::string bar(double share, int width) {
  std::string text;
  for (int i = 0; i < static_cast<int>(std::lround(share * width)); ++i) text += "█";
  return text;
}

/// With spaces after it; of a longer one the beginning.
std::string in_columns(const std::string& text, std::size_t columns) {
  std::string result;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins_character = (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
    if (begins_character && used++ == columns) return result;
    result += text[at];
  }
  return result + std::string(columns - used, ' ');
}

std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string count_text(std::int64_t count) {
  return whole_number(static_cast<double>(count));
}

std::string classes_text(const std::vector<ClassCount>& classes) {
  constexpr std::size_t kMostColumns = 24;
  constexpr int kBarWidth = 28;
  std::size_t columns = 5;
  std::int64_t most = 1;
  for (const ClassCount& one : classes) {
    columns = std::clamp(columns_of(one.name), columns, kMostColumns);
    most = std::max(most, one.train);
  }
  std::string text = fmt::format("{} {:>9} {:>9}\n", in_columns("class", columns), "training", "test");
  for (const ClassCount& one : classes) {
    const double share = static_cast<double>(one.train) / static_cast<double>(most);
    text += fmt::format("{} {:>9} {:>9}  {}\n", in_columns(one.name, columns), count_text(one.train),
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
  if (summary.classes.empty()) return text + "classes    no labels\n";
  text += fmt::format("classes    {}\n\n", summary.classes.size());
  return text + classes_text(summary.classes);
}

}  // namespace

ExitCode data_info(const DataInfoOptions& options) {
  const std::string format = options.program->name + " data info ";
  OutputFile json("--json", options.json, R"({"format":")" + format);
  const DatasetSummary summary = summarise(read_whole_dataset(*options.program, options.data));
  std::cout << summary_text(summary);
  if (json.is_named()) json.write(summary_json(summary, format + "1"));
  return ExitCode::ok;
}

}  // namespace duel::app
