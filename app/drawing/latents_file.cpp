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

std::vector<float> read_latents(const std::filesystem::path& file, int latent_dim, int most) {
  const Tensor tensor = read_npy(file);
  const auto refuse = [&](const std::string& expected, const std::string& found, const std::string& mend) {
    throw DataError(excerpt(file.native(), PATH_MAX) + ": expected " + expected + ", found " + found + ". " + mend);
  };
  if (tensor.type != DType::f32 && tensor.type != DType::f64) {
    refuse("latents as float32 or float64", "another type", "In NumPy: array.astype('<f4').");
  }
  const bool is_row = tensor.shape.size() == 1 && tensor.shape[0] == latent_dim;
  if (!is_row && (tensor.shape.size() != 2 || tensor.shape[1] != latent_dim)) {
    refuse("latents [images, " + std::to_string(latent_dim) + "]", "an array " + shape_text(tensor.shape),
           "The checkpoint's generator has a latent-dim of " + std::to_string(latent_dim) + ".");
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
           std::to_string(*bad) + " in row " + std::to_string(at / latent_dim) + ", column " +
               std::to_string(at % latent_dim),
           "Draw the latents anew.");
  }
  return latents;
}

}  // namespace duel::app
