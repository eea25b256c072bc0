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

}  // namespace

Delivery::Delivery(const OutputOptions& options, const std::vector<std::filesystem::path>& inputs)
    : format_(format_of(options)), file_("--out", options.file) {
  file_.keep_apart_from(inputs);
}

void Delivery::deliver(const Report& report, std::ostream& out) {
  const std::string text = rendered(report, format_);
  if (!file_.is_named()) {
    out << text;
    return;
  }
  file_.write(text);
  out << text_for_people(report);
}

}  // namespace duel::lab
