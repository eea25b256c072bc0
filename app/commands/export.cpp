#include "app/commands/export.h"

#include <filesystem>
#include <iostream>

#include "app/drawing/checkpoint_generator.h"
#include "app/export/directions.h"
#include "app/export/explorer.h"
#include "app/export/exported_network.h"
#include "app/export/onnx_model.h"
#include "app/export/plain_weights.h"
#include "app/report/html.h"
#include "app/settings/training_program.h"
#include "engine/io/safetensors.h"
#include "engine/networks/state_file.h"
#include "files/output_file.h"
#include "files/regular_file.h"
#include "files/text.h"

namespace duel::app {
namespace {

constexpr int kDirections = 10, kLatentsForDirections = 48;

/// The form of a file by which an earlier one is known that may be replaced. Safetensors begin with their length.
const char* beginning_of(ExportFormat format) {
  switch (format) {
    case ExportFormat::onnx:
      return kOnnxBeginning;
    case ExportFormat::html:
      return kExplorerBeginning;
    case ExportFormat::safetensors:
      break;
  }
  return "";
}

std::vector<ExportedNetwork> exported_networks(const ExportOptions& options, const GeneratorFile& file) {
  const bool can_hold_both = options.format == ExportFormat::safetensors;
  const bool are_both_there = file.loss && has_discriminator(file.tensors);
  const bool are_both_wanted = options.network == ExportedPart::both ||
                               (options.network == ExportedPart::automatic && can_hold_both && are_both_there);
  std::vector<ExportedNetwork> networks;
  if (options.network != ExportedPart::discriminator) networks.push_back(exported_generator(file, options.weights));
  if (options.network == ExportedPart::discriminator || are_both_wanted) {
    networks.push_back(exported_discriminator(file));
  }
  return networks;
}

/// Of a run's checkpoint the run's folder, else the file.
std::string title_of_explorer(const std::filesystem::path& file) {
  const std::filesystem::path folder = std::filesystem::weakly_canonical(file).parent_path();
  return (folder.filename() == "checkpoints" ? folder.parent_path().filename() : file.filename()).string();
}

std::string about(const GeneratorFile& file, const ExportedNetwork& generator) {
  const NetworkConfig& networks = file.networks;
  std::size_t weights = 0;
  for (const Tensor& tensor : generator.tensors) weights += tensor.bytes.size() / size_of(tensor.type);
  const std::string side = std::to_string(networks.image_size);
  return "A generator of " + whole_number(static_cast<double>(weights)) + " weights" +
         (file.trained_on ? ", trained on " + file.trained_on->name : "") + ", draws images of " + side + " × " + side +
         (networks.channels == 3 ? " pixels in colour" : " pixels") + " from " + std::to_string(networks.latent_dim) +
         " numbers" + (networks.classes > 0 ? " and one of " + std::to_string(networks.classes) + " classes" : "") +
         " – in this page.";
}

std::string html(const ExportOptions& options, const GeneratorFile& file, const ExportedNetwork& network) {
  const CheckpointGenerator generator(options, file);
  const std::vector<float> latents =
      generator.draw_latents(kLatentsForDirections, generator.classes_in_rows(kLatentsForDirections, 1));
  const auto directions = strongest_directions(latents, file.networks.latent_dim, kDirections,
                                               [&](std::span<const float> moved) { return generator.generate(moved); });
  return explorer_page(
      network, file.networks,
      {title_of_explorer(file.file), about(file, network), options.program->name, directions, file.classes});
}

std::string exported_bytes(const ExportOptions& options, const GeneratorFile& file) {
  const std::vector<ExportedNetwork> networks = exported_networks(options, file);
  if (options.format == ExportFormat::safetensors) return plain_safetensors(plain_weights(networks, file));
  return options.format == ExportFormat::onnx ? onnx_model(networks.front()) : html(options, file, networks.front());
}

}  // namespace

ExitCode export_networks(const ExportOptions& options) {
  OutputFile out("--out", options.out, beginning_of(options.format));
  const GeneratorFile file = read_generator_file(*options.program, options.checkpoint, options.preset, options.runs);
  out.keep_apart_from({file.file});
  const std::string bytes = exported_bytes(options, file);
  const auto earlier = read_regular_file(options.out);
  out.write(bytes);
  if (earlier && !earlier->empty() && *earlier != bytes) {
    warn(*options.program, in_quotes(options.out) + " held something else of this kind and is replaced");
  }
  std::cout << options.out.string() << "\n";
  return ExitCode::ok;
}

}  // namespace duel::app
