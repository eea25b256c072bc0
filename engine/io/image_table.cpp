#include "engine/io/image_table.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "engine/io/input_file.h"
#include "files/number_text.h"
#include "files/text.h"

namespace duel {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr const char* kMend = "Write one image a line: its label, if any, and a number for each pixel.";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '"')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '"')) text.remove_suffix(1);
  return text;
}

/// Goes over the lines that are not empty.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  bool next() {
    while (!rest_.empty()) {
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      line_ = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++number_;
      if (line_.ends_with('\r')) line_.remove_suffix(1);
      if (!line_.empty()) return true;
    }
    return false;
  }
  std::string_view line() const { return line_; }
  std::string place() const { return "line " + std::to_string(number_); }

 private:
  std::string_view rest_, line_;
  std::int64_t number_ = 0;
};

char separator_of(std::string_view line) {
  constexpr std::string_view kSeparators = ",;\t";
  const auto count = [&](char c) { return std::count(line.begin(), line.end(), c); };
  return *std::max_element(kSeparators.begin(), kSeparators.end(), [&](char a, char b) { return count(a) < count(b); });
}

template <class Take>
int for_each_field(std::string_view line, char separator, const Take& take) {
  int column = 0;
  for (;; ++column) {
    const std::size_t end = std::min(line.find(separator), line.size());
    take(column, trimmed(line.substr(0, end)));
    if (end == line.size()) return column + 1;
    line.remove_prefix(end + 1);
  }
}

bool names_labels(std::string_view name) {
  std::string lower;
  for (const char c : name) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower == "label" || lower == "labels" || lower == "class" || lower == "target" || lower == "y";
}

/// What the first line says of all.
struct Form {
  char separator = ',';
  int columns = 0;
  bool has_names = false;
  std::optional<int> label;  ///< its column
};

Form form_of(std::string_view first) {
  Form form;
  form.separator = separator_of(first);
  int words = 0;
  bool is_first_word = false;
  form.columns = for_each_field(first, form.separator, [&](int column, std::string_view field) {
    if (read_number<float>(field)) return;
    ++words;
    if (column == 0) is_first_word = true;
    if (names_labels(field)) form.label = column;
  });
  form.has_names = words > (is_first_word ? 1 : 0) || (is_first_word && form.label && form.columns > 1);
  if (!form.has_names) form.label.reset();
  int channels = 0;
  const bool is_square = side_of_square(form.columns, channels) > 0;
  const bool leaves_square = side_of_square(form.columns - 1, channels) > 0;
  const bool begins_with_word = is_first_word && !form.has_names;
  if (!form.label && (begins_with_word || (!is_square && leaves_square))) form.label = 0;
  return form;
}

}  // namespace

int side_of_square(int values, int& channels) {
  for (const int per_pixel : {1, 3}) {
    const int side = static_cast<int>(std::lround(std::sqrt(static_cast<double>(values) / per_pixel)));
    if (values < 1 || side * side * per_pixel != values) continue;
    channels = per_pixel;
    return side;
  }
  return 0;
}

ImageTable read_image_table(const std::filesystem::path& file) {
  InputFile input(file);
  const std::vector<std::uint8_t> bytes = input.read_all();
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());

  Lines lines(text);
  if (!lines.next()) input.fail("", "a table of numbers", "empty lines", kMend);
  const Form form = form_of(lines.line());
  ImageTable table;
  table.columns = form.columns - (form.label ? 1 : 0);
  if (form.has_names && !lines.next()) input.fail("", "a line for each image", "names of columns alone", kMend);
  do {
    const auto take = [&](int column, std::string_view field) {
      if (column == form.label) {
        table.labels.emplace_back(field);
      } else if (const std::optional<float> value = read_number<float>(field)) {
        table.values.push_back(*value);
      } else {
        input.fail(lines.place() + ", value " + std::to_string(column + 1), "a number", in_quotes(field, 40), kMend);
      }
    };
    const int columns = for_each_field(lines.line(), form.separator, take);
    if (columns != form.columns) {
      input.fail(lines.place(), std::to_string(form.columns) + " values, as in the first line", std::to_string(columns),
                 kMend);
    }
    if (table.rows == std::numeric_limits<int>::max()) input.fail(lines.place(), "fewer lines", "more", kMend);
    ++table.rows;
  } while (lines.next());
  return table;
}

}  // namespace duel
