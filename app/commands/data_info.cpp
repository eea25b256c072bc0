#include "app/commands/data_info.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <utility>

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

/// Columns of a terminal that a character takes.
std::size_t columns_of(char32_t character) {
  const auto is_from = [&](char32_t low, char32_t high) { return character >= low && character <= high; };
  if (is_from(0x300, 0x36f) || is_from(0x200b, 0x200f) || is_from(0xfe00, 0xfe0f)) return 0;  // over the one before
  // Unicode Standard Annex 11: East Asian wide and full-width characters, and emoji.
  const bool is_wide = is_from(0x1100, 0x115f) || is_from(0x2e80, 0xa4cf) || is_from(0xac00, 0xd7a3) ||
                       is_from(0xf900, 0xfaff) || is_from(0xfe30, 0xfe6f) || is_from(0xff00, 0xff60) ||
                       is_from(0xffe0, 0xffe6) || is_from(0x1f300, 0x1faff) || is_from(0x20000, 0x3fffd);
  return is_wide ? 2 : 1;
}

/// The characters of UTF-8, with the columns of each.
std::vector<std::pair<std::string, std::size_t>> characters_of(const std::string& text) {
  std::vector<std::pair<std::string, std::size_t>> characters;
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t bytes = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    char32_t character = first & (bytes == 1 ? 0x7fU : 0x7fU >> bytes);
    for (std::size_t i = 1; i < bytes && at + i < text.size(); ++i) {
      character = character << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
    }
    characters.emplace_back(text.substr(at, bytes), columns_of(character));
    at += bytes;
  }
  return characters;
}

/// With spaces after it; of a longer one the beginning.
std::string in_columns(const std::string& text, std::size_t columns) {
  std::string result;
  std::size_t used = 0;
  for (const auto& [character, width] : characters_of(text)) {
    if (used + width > columns) break;
    used += width;
    result += character;
  }
  return result + std::string(columns - used, ' ');
}

std::size_t columns_of(const std::string& text) {
  std::size_t columns = 0;
  for (const auto& [character, width] : characters_of(text)) columns += width;
  return columns;
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
    columns = std::clamp(columns_of(shown_name(one)), columns, kMostColumns);
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
