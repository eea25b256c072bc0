#include "tools/kernel_lab/report.h"

#include <ostream>

namespace duel::lab {
namespace {

std::string text_for_people(const Report& report) {
  return report.introduction + report.table.text() + report.conclusion;
}

std::string rendered(const Report& report, Format format) {
  switch (format) {
    case Format::csv:
      return report.table.csv();
    case Format::json:
      return report.json + "\n";
    case Format::table:
      break;
  }
  return text_for_people(report);
}

Format format_of(const OutputOptions& options) {
  if (options.format) return *options.format;
  if (options.file.extension() == ".json") return Format::json;
  return options.file.extension() == ".csv" ? Format::csv : Format::table;
}

/// What every report of that title begins with.
std::string beginning_of(Format format, const std::string& title, const Table& table) {
  if (format == Format::csv) return table.csv();
  return format == Format::json ? R"({"format":")" + title + " " : title + "\n";
}

}  // namespace

Delivery::Delivery(const OutputOptions& options, const std::string& subcommand, const Table& table,
                   const std::vector<std::filesystem::path>& inputs)
    : title_("kernel_lab " + subcommand),
      format_(format_of(options)),
      file_("--out", options.file, beginning_of(format_, title_, table)) {
  file_.keep_apart_from(inputs);
}

void Delivery::deliver(const Report& report, std::ostream& out) {
  const std::string text = rendered(report, format_);
  if (!file_.is_named()) {
    out << text;
    return;
  }
  file_.write(format_ == Format::table ? title_ + "\n\n" + text : text);
  out << text_for_people(report);
}

}  // namespace duel::lab
