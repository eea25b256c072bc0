#include "tools/kernel_lab/report.h"

#include <ostream>
#include <span>

#include "engine/io/atomic_file.h"

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

void deliver(const Report& report, const OutputOptions& options, std::ostream& out) {
  const std::string text = rendered(report, format_of(options));
  if (options.file.empty()) {
    out << text;
    return;
  }
  const std::span<const std::byte> bytes = std::as_bytes(std::span(text));
  write_file_atomically(options.file, {&bytes, 1});
  out << text_for_people(report);
}

}  // namespace duel::lab
