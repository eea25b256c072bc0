#include "app/drawing/latents_file.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <string>

#include "engine/io/npy.h"
#include "files/text.h"

namespace duel::app {
namespace {

std::vector<float> floats_of_doubles(const Tensor& tensor) {
  const std::vector<double> numbers = values_of<double>(tensor);
  return {numbers.begin(), numbers.end()};
}

}  // namespace

LatentRows read_latents(const std::filesystem::path& file, const NetworkConfig& networks, int most) {
  const Tensor tensor = read_npy(file);
  const auto refuse = [&](const std::string& expected, const std::string& found, const std::string& mend) {
    throw DataError(excerpt(file.native(), PATH_MAX) + ": expected " + expected + ", found " + found + ". " + mend);
  };
  if (tensor.type != DType::f32 && tensor.type != DType::f64) {
    refuse("latents as float32 or float64", "another type", "In NumPy: array.astype('<f4').");
  }
  const int latent_dim = networks.latent_dim, inputs = networks.generator_inputs();
  const bool is_row = tensor.shape.size() == 1, is_matrix = tensor.shape.size() == 2;
  const std::int64_t width = is_row || is_matrix ? tensor.shape.back() : 0;
  if (width != latent_dim && width != inputs) {
    const std::string or_classes = inputs > latent_dim ? " or [images, " + std::to_string(inputs) + "]" : "";
    refuse("latents [images, " + std::to_string(latent_dim) + "]" + or_classes, "an array " + shape_text(tensor.shape),
           "The checkpoint's generator has a latent-dim of " + std::to_string(latent_dim) +
               (or_classes.empty() ? "." : " and reads " + std::to_string(networks.classes) + " classes."));
  }
  const std::int64_t images = is_row ? 1 : tensor.shape[0];
  if (images < 1 || images > most) {
    refuse("1 to " + std::to_string(most) + " latents", std::to_string(images), "Draw some of them at a time.");
  }
  std::vector<float> latents = tensor.type == DType::f32 ? values_of<float>(tensor) : floats_of_doubles(tensor);
  const auto bad = std::find_if(latents.begin(), latents.end(), [](float value) { return !std::isfinite(value); });
  if (bad != latents.end()) {
    const auto at = bad - latents.begin();
    refuse("finite numbers",
           std::to_string(*bad) + " in row " + std::to_string(at / width) + ", column " + std::to_string(at % width),
           "Draw the latents anew.");
  }
  return {std::move(latents), static_cast<int>(width)};
}

}  // namespace duel::app
