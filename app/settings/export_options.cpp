#include "app/settings/export_options.h"

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"

namespace duel::app {

EnumNames<ExportFormat> names_of(ExportFormat) {
  static constexpr EnumName<ExportFormat> kNames[] = {
      {ExportFormat::safetensors, "safetensors"}, {ExportFormat::onnx, "onnx"}, {ExportFormat::html, "html"}};
  return kNames;
}

EnumNames<ExportedPart> names_of(ExportedPart) {
  static constexpr EnumName<ExportedPart> kNames[] = {{ExportedPart::automatic, "auto"},
                                                      {ExportedPart::generator, "generator"},
                                                      {ExportedPart::discriminator, "discriminator"},
                                                      {ExportedPart::both, "both"}};
  return kNames;
}

const CommandText ExportOptions::kCommand = {
    "export", "Write a checkpoint's networks to a file for PyTorch, ONNX runtimes or the browser.",
    "Examples:\n"
    "  {program} export --checkpoint latest --format html --out explorer.html     a page that draws, offline\n"
    "  {program} export --checkpoint latest --format onnx --out generator.onnx\n"
    "  {program} export --checkpoint latest --format safetensors --out weights.safetensors"};

template <class Visitor, OptionsOf<ExportOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("What to export");
  visit_checkpoint(visit, options);
  visit({"weights", "WHICH", "of the generator: average, where the training kept one; or last"}, options.weights);
  visit({"network", "WHICH", "generator, discriminator or both; auto: both in safetensors, else the generator"},
        options.network);

  visit.group("The file");
  visit({"format", "FORMAT", "safetensors (PyTorch's names), onnx, or html (a page that draws images)"},
        options.format);
  visit({"out", "FILE", "where it goes"}, options.out);

  visit_device(visit, options);
}

const std::vector<Setting<ExportOptions>>& ExportOptions::settings() {
  return collected_settings<ExportOptions>();
}

void validate_options(const ExportOptions& options) {
  check_ranges(ExportOptions::settings(), options);
  check_generator(options);
  require(!options.out.empty(), "out", options.out, "the name of the file to write");
  const bool is_safetensors = options.format == ExportFormat::safetensors;
  require(is_safetensors || options.network != ExportedPart::both, "network", options.network,
          "generator or discriminator for a file with one network; --format safetensors takes both");
  require(options.format != ExportFormat::html || options.network != ExportedPart::discriminator, "network",
          options.network, "generator for --format html, the page that draws images");
}

}  // namespace duel::app
