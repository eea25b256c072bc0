#include "app/drawing/generator_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

#include "app/errors/exit_code.h"
#include "app/errors/in_file.h"
#include "app/settings/setting.h"
#include "engine/configuration/config_json.h"
#include "engine/io/checkpoint_path.h"
#include "engine/io/non_finite.h"
#include "engine/networks/state_file.h"
#include "files/text.h"

namespace duel::app {
namespace {

/// The N of "generator.model.N.weight", of modules "model."; -1 for other names.
int module_number(const std::string& name, const std::string& modules) {
  const std::string begin = kGeneratorPrefix + modules, end = ".weight";
  if (!name.starts_with(begin) || !name.ends_with(end) || name.size() <= begin.size() + end.size()) return -1;
  int number = -1;
  const char* const last = name.data() + name.size() - end.size();
  const auto [rest, error] = std::from_chars(name.data() + begin.size(), last, number);
  return error == std::errc() && rest == last ? number : -1;
}

/// Without what PyTorch puts around modules: "module" (DataParallel, averaged models) and "_orig_mod" (torch.compile).
std::string without_wrappers(const std::string& name) {
  std::string plain;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    const std::string part = name.substr(begin, end - begin);
    if (part != "module" && part != "_orig_mod") plain += (plain.empty() ? "" : ".") + part;
    begin = end + 1;
  }
  return plain;
}

void strip_wrappers(TensorFile& file, const std::string& path) {
  std::map<std::string, std::string> originals;
  for (Tensor& tensor : file.tensors) {
    const std::string plain = without_wrappers(tensor.name);
    const auto [other, is_new] = originals.emplace(plain, tensor.name);
    if (!is_new) {
      throw DataError(path + ": expected the weights of one generator, found " + in_quotes(other->second) + " and " +
                      in_quotes(tensor.name) + ", which are both " + in_quotes(plain) +
                      ". Save one of the two modules alone.");
    }
    tensor.name = plain;
  }
}

/// A state_dict of the generator alone gets the names that it has in a checkpoint.
void add_prefix(TensorFile& file) {
  const auto has_prefix = [](const Tensor& tensor) { return tensor.name.starts_with(kGeneratorPrefix); };
  if (std::any_of(file.tensors.begin(), file.tensors.end(), has_prefix)) return;
  for (Tensor& tensor : file.tensors) tensor.name = kGeneratorPrefix + tensor.name;
}

[[noreturn]] void refuse(const std::string& file, const std::string& what) {
  throw DataError(file + ": " + what +
                  "; expected a checkpoint that train wrote, or a generator of the published script with tensors "
                  "like 'generator.model.0.weight'");
}

void set_image_shape(NetworkConfig& networks, std::int64_t pixels, const std::string& file) {
  for (const int channels : {1, 3}) {
    const auto size = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(pixels) / channels)));
    if (size < 1 || size * size * channels != pixels) continue;
    networks.image_size = static_cast<int>(size);
    networks.channels = channels;
    return;
  }
  refuse(file, "the last layer has " + std::to_string(pixels) + " outputs, which make no square image");
}

int size_of_layer(std::int64_t extent, const std::string& file) {
  if (extent >= 1 && extent <= std::numeric_limits<int>::max()) return static_cast<int>(extent);
  refuse(file, "a layer has " + std::to_string(extent) + " inputs or outputs");
}

/// Of the weights with so many dimensions of modules "model.", by their numbers.
std::map<int, std::vector<std::int64_t>> shapes_of_weights(const TensorFile& tensors, const std::string& modules,
                                                           std::size_t dimensions) {
  std::map<int, std::vector<std::int64_t>> shapes;
  for (const Tensor& tensor : tensors.tensors) {
    const int number = module_number(tensor.name, modules);
    if (number >= 0 && tensor.shape.size() == dimensions) shapes[number] = tensor.shape;
  }
  return shapes;
}

/// The sizes of the layers, from the shapes of the matrices in their order. `names`: of the tensors, as the file has
/// them.
void set_sizes(NetworkConfig& networks, const TensorFile& tensors, const std::string& file, const std::string& names) {
  const auto matrices = shapes_of_weights(tensors, "model.", 2);
  if (matrices.size() < 2) {
    refuse(file, "it holds no weights of a generator with hidden layers, but " + names);
  }
  networks.latent_dim = size_of_layer(matrices.begin()->second[1], file);
  networks.generator_widths.clear();
  for (const auto& [number, shape] : matrices) networks.generator_widths.push_back(size_of_layer(shape[0], file));
  networks.generator_widths.pop_back();  // the last one makes the image
  set_image_shape(networks, matrices.rbegin()->second[0], file);
}

/// The same of convolutions.
void set_dcgan_sizes(NetworkConfig& networks, const TensorFile& tensors, const std::string& file,
                     const std::string& names) {
  const Tensor* const first = tensors.find(std::string(kGeneratorPrefix) + "l1.0.weight");
  const auto kernels = shapes_of_weights(tensors, "conv_blocks.", 4);
  if (!first || first->shape.size() != 2 || kernels.empty()) {
    refuse(file, "it holds no weights of a generator of convolutions, but " + names);
  }
  networks.latent_dim = size_of_layer(first->shape[1], file);
  networks.generator_widths = {size_of_layer(kernels.begin()->second[1], file)};
  for (const auto& [number, shape] : kernels) networks.generator_widths.push_back(size_of_layer(shape[0], file));
  networks.channels = networks.generator_widths.back();
  networks.generator_widths.pop_back();
  const std::int64_t pixels = first->shape[0] / networks.generator_widths.front();
  const auto size = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(pixels))));
  const std::size_t doublings = networks.generator_widths.size() - 1;
  if (size < 1 || size * size * networks.generator_widths.front() != first->shape[0] || doublings > 10) {
    refuse(file, "its first layer has " + std::to_string(first->shape[0]) + " outputs, which make no square image of " +
                     std::to_string(networks.generator_widths.front()) + " channels");
  }
  networks.image_size = size_of_layer(size << doublings, file);
}

/// "--preset default (eps 1e-05) or --preset blog (eps 0.8: the published PyTorch script, exactly)".
std::string presets_with_batch_norm(const TrainingProgram& program) {
  std::string text;
  for (const Preset& preset : program.presets) {
    const NetworkConfig& networks = preset.options.training.networks;
    if (networks.generator_norm == NetworkNorm::none) continue;
    text += (text.empty() ? "" : " or ") + std::string("--preset ") + preset.name + " (eps " +
            format_value(networks.batch_norm_eps) + (preset.about.empty() ? "" : ": " + preset.about) + ")";
  }
  return text;
}

NetworkConfig networks_of_weights(const TrainingProgram& program, TensorFile& tensors, const std::string& file,
                                  const std::string& preset_name) {
  if (preset_name.empty()) {
    throw UsageError(file +
                     ": the file says nothing of batch norm's eps: its metadata lack the key 'config'. Pass the "
                     "preset that trained it: " +
                     presets_with_batch_norm(program));
  }
  TrainingConfig training = preset(program, preset_name).training;
  const std::string names = tensors.names_text();
  strip_wrappers(tensors, file);
  add_prefix(tensors);
  const std::string of_dcgan = std::string(kGeneratorPrefix) + "conv_blocks.";
  const bool is_dcgan =
      std::ranges::any_of(tensors.tensors, [&](const Tensor& tensor) { return tensor.name.starts_with(of_dcgan); });
  training.networks = with_networks(is_dcgan ? NetworkKind::dcgan : NetworkKind::mlp, training.networks);
  is_dcgan ? set_dcgan_sizes(training.networks, tensors, file, names)
           : set_sizes(training.networks, tensors, file, names);
  try {
    validate(training);
  } catch (const std::invalid_argument& error) {
    refuse(file, error.what());
  }
  return training.networks;
}

/// Whose "config" is of another kind. (Duel's checkpoints were "mnist_gan checkpoint 1" once.)
bool is_of_other_program(const std::map<std::string, std::string>& metadata) {
  const auto format = metadata.find("format");  // "pt" where PyTorch's programs wrote the file
  return format != metadata.end() && format->second.find(" checkpoint ") == std::string::npos;
}

}  // namespace

GeneratorFile read_generator_file(const TrainingProgram& program, const std::string& named,
                                  const std::string& preset_name, const std::filesystem::path& runs) {
  const std::string file = find_checkpoint(named, runs).string();
  GeneratorFile result{file, read_safetensors(file), {}};
  if (const auto bad = find_non_finite(result.tensors)) {
    throw DataError(file + ": expected finite weights, found that " + *bad + "; use an older checkpoint");
  }
  const auto& metadata = result.tensors.metadata;
  const auto text = metadata.find(kConfigKey);
  if (text == metadata.end() || is_of_other_program(metadata)) {
    result.networks = networks_of_weights(program, result.tensors, file, preset_name);
  } else {
    const TrainingConfig config = in_file(file, [&] { return config_from_json(text->second); });
    result.networks = config.networks;
    result.has_config = true;
    result.batch_size = config.batch_size;
    result.loss = config.loss;
    const auto dataset = metadata.find(kDatasetKey);  // older checkpoints have none
    if (dataset != metadata.end()) {
      result.trained_on = in_file(file, [&] { return data_identity_from_json(dataset->second); });
    }
  }
  if (result.networks.classes > 0) {
    const auto names = metadata.find(kClassesKey);
    if (names == metadata.end()) {
      throw DataError(file + ": expected the names of its " + std::to_string(result.networks.classes) +
                      " classes in the metadata, found none");
    }
    result.classes = in_file(file, [&] { return class_names_from_json(names->second, result.networks.classes); });
  }
  result.has_average = has_average(result.tensors);
  return result;
}

void require_finite(const std::string& file, std::span<const float> images) {
  const auto bad = std::find_if(images.begin(), images.end(), [](float value) { return !std::isfinite(value); });
  if (bad == images.end()) return;
  throw DataError(file + ": expected a generator that draws finite values, found " + std::to_string(*bad) +
                  " as value " + std::to_string(bad - images.begin()) + "; use an older checkpoint");
}

}  // namespace duel::app
