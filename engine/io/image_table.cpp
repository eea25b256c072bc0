#include "engine/io/image_table.h"

#include <algorithm>
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
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
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
  std::int64_t number() const { return number_; }
  std::string place() const { return "line " + std::to_string(number_); }

 private:
  std::string_view rest_, line_;
  std::int64_t number_ = 0;
};

/// Commas that are fewer than another separator, or one more, are the numbers' own: "0,5;0,25".
char separator_of(std::string_view line) {
  std::int64_t commas = 0, semicolons = 0, tabs = 0;
  bool is_quoted = false;
  for (const char c : line) {
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    if (c == ',') ++commas;
    if (c == ';') ++semicolons;
    if (c == '\t') ++tabs;
  }
  const auto separates = [&](std::int64_t count) { return count > 0 && commas <= count + 1; };
  if (separates(semicolons) && semicolons >= tabs) return ';';
  return separates(tabs) ? '\t' : ',';
}

/// Takes a value in quotes from the beginning of `line`, two of them being one; false where they do not end.
bool take_quoted(std::string_view& line, std::string& value) {
  value.clear();
  for (line.remove_prefix(1);; line.remove_prefix(1)) {
    const std::size_t end = line.find('"');
    if (end == std::string_view::npos) return false;
    value += line.substr(0, end);
    line.remove_prefix(end + 1);
    if (!line.starts_with('"')) return true;
    value += '"';
  }
}

/// Returns how many there are. `refuse(column)`: of one whose quotes do not end where it ends.
template <class Take, class Refuse>
int for_each_field(std::string_view line, char separator, const Take& take, const Refuse& refuse) {
  std::string quoted;
  for (int column = 0;; ++column) {
    line = line.substr(std::min(line.find_first_not_of(' '), line.size()));
    const bool is_quoted = line.starts_with('"');
    if (is_quoted && !take_quoted(line, quoted)) refuse(column);
    const std::size_t end = std::min(line.find(separator), line.size());
    const std::string_view text = trimmed(line.substr(0, end));
    if (is_quoted && !text.empty()) refuse(column);
    take(column, is_quoted ? std::string_view(quoted) : text);
    if (end == line.size()) return column + 1;
    line.remove_prefix(end + 1);
  }
}

/// With a decimal comma, where it does not separate.
std::optional<float> number_of(std::string_view field, char separator) {
  const std::optional<float> number = read_number<float>(field);
  const std::size_t comma = field.find(',');
  if (number || separator == ',' || comma == std::string_view::npos) return number;
  std::string text(field);
  text[comma] = '.';
  return read_number<float>(text);
}

bool names_labels(std::string_view name) {
  const std::string lower = lower_case(std::string(name));
  return lower == "label" || lower == "labels" || lower == "class" || lower == "target" || lower == "y";
}

/// What the first line says of all.
struct Form {
  char separator = ',';
  int columns = 0;
  bool has_names = false;
  std::optional<int> label;  ///< its column
};

template <class Refuse>
Form form_of(std::string_view first, const Refuse& refuse) {
  Form form;
  form.separator = separator_of(first);
  int words = 0;
  bool is_first_word = false;
  const auto look = [&](int column, std::string_view field) {
    if (number_of(field, form.separator)) return;
    ++words;
    if (column == 0) is_first_word = true;
    if (names_labels(field)) form.label = column;
  };
  form.columns = for_each_field(first, form.separator, look, refuse);
  form.has_names = words > (is_first_word ? 1 : 0) || (is_first_word && form.label && form.columns > 1);
  if (!form.has_names) form.label.reset();
  int channels = 0;
  const bool is_square = side_of_square(form.columns, channels) > 0;
  const bool leaves_square = side_of_square(form.columns - 1, channels) > 0;
  const bool begins_with_word = is_first_word && !form.has_names;
  if (!form.label && (begins_with_word || (!is_square && leaves_square))) form.label = 0;
  return form;
}

/// What people take for a table by mistake.
void refuse_other_texts(const InputFile& input, std::string_view text) {
  if (is_utf16(text)) input.fail("", "a table in UTF-8", "UTF-16", "Save it as UTF-8.");
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || text[begin] != '<') return;
  input.fail("", "a table of numbers", "a page of HTML, or other text with tags",
             "Download the file itself, not the page that shows it.");
}

}  // namespace

std::string ImageTable::place_of(std::size_t i) const {
  const auto column = static_cast<std::int64_t>(i % static_cast<std::size_t>(columns));
  const bool is_after_label = label_column >= 0 && column >= label_column;
  return "line " + std::to_string(lines[i / static_cast<std::size_t>(columns)]) + ", value " +
         std::to_string(column + (is_after_label ? 2 : 1));
}

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

  refuse_other_texts(input, text);
  Lines lines(text);
  if (!lines.next()) input.fail("", "a table of numbers", "empty lines", kMend);
  const auto refuse = [&](int column) {
    input.fail(lines.place() + ", value " + std::to_string(column + 1), "a value in quotes that ends in its line",
               "quotes that do not, or something after them", "Write a quote within quotes twice.");
  };
  const Form form = form_of(lines.line(), refuse);
  ImageTable table;
  table.label_column = form.label.value_or(-1);
  table.columns = form.columns - (form.label ? 1 : 0);
  if (form.has_names && !lines.next()) input.fail("", "a line for each image", "names of columns alone", kMend);
  do {
    const auto take = [&](int column, std::string_view field) {
      if (column == form.label) {
        table.labels.emplace_back(field);
      } else if (const std::optional<float> value = number_of(field, form.separator)) {
        table.values.push_back(*value);
      } else {
        input.fail(lines.place() + ", value " + std::to_string(column + 1), "a number", in_quotes(field, 40), kMend);
      }
    };
    const int columns = for_each_field(lines.line(), form.separator, take, refuse);
    if (columns != form.columns) {
      input.fail(lines.place(), std::to_string(form.columns) + " values, as in the first line", std::to_string(columns),
                 kMend);
    }
    if (table.lines.size() == std::numeric_limits<int>::max()) input.fail(lines.place(), "fewer lines", "more", kMend);
    table.lines.push_back(lines.number());
  } while (lines.next());
  return table;
}

}  // namespace duel
