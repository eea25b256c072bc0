// `export`: networks for other programs.
#pragma once

#include <filesystem>
#include <vector>

#include "app/settings/options.h"
#include "engine/configuration/enum_names.h"

namespace duel::app {

/// Of a file: weights for PyTorch, a model for ONNX's runtimes, a page that draws.
enum class ExportFormat { safetensors, onnx, html };
EnumNames<ExportFormat> names_of(ExportFormat);

/// Which networks; automatic: both in safetensors, where the checkpoint has both, else the generator.
enum class ExportedPart { automatic, generator, discriminator, both };
EnumNames<ExportedPart> names_of(ExportedPart);

struct ExportOptions : GeneratorOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<ExportOptions>>& settings();

  ExportFormat format = ExportFormat::safetensors;
  ExportedPart network = ExportedPart::automatic;
  std::filesystem::path out;
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const ExportOptions& options);

}  // namespace duel::app
