#include "engine/measure/result_output.h"

#include <ostream>
#include <utility>

namespace duel {
namespace {

ResultFormat format_of(const ResultOptions& options, ResultFormat other_ending) {
  if (options.format) return *options.format;
  const std::filesystem::path ending = options.file.extension();
  if (options.file.empty() || ending == ".txt") return ResultFormat::table;
  if (ending == ".json") return ResultFormat::json;
  return ending == ".csv" ? ResultFormat::csv : other_ending;
}

/// What every result of that title begins with.
std::string beginning_of(ResultFormat format, const std::string& title, const std::string& csv_header) {
  if (format == ResultFormat::csv) return csv_header;
  return format == ResultFormat::json ? R"({"format":")" + title + " " : title + "\n";
}

}  // namespace

const std::string& ResultForms::in(ResultFormat format) const {
  if (format == ResultFormat::table) return text;
  return format == ResultFormat::csv ? csv : json;
}

ResultOutput::ResultOutput(const ResultOptions& options, std::string title, const std::string& csv_header,
                           ResultFormat other_ending)
    : title_(std::move(title)),
      format_(format_of(options, other_ending)),
      file_("--out", options.file, beginning_of(format_, title_, csv_header)) {}

void ResultOutput::begin(std::string introduction, std::ostream& out) {
  introduction_ = std::move(introduction);
  if (prints_text()) out << introduction_;
}

void ResultOutput::deliver(const ResultForms& result, std::ostream& out) {
  const std::string& form = result.in(format_);
  if (file_.is_named()) file_.write(format_ == ResultFormat::table ? title_ + "\n\n" + introduction_ + form : form);
  out << (prints_text() ? result.text : form);
}

}  // namespace duel
