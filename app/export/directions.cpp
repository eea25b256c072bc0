#include "app/export/directions.h"

#include <Eigen/Dense>
#include <algorithm>

namespace duel::app {
namespace {

using FloatRows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr float kStep = 0.5f;  // of a latent's component, whose deviation is 1: what a hand's move of a slider sees

/// J as rows [latent_dim, pixels], each how the image at `latent` changes with a component.
FloatRows changes_of_image(std::span<const float> latent, int latent_dim, const DrawImages& draw,
                           const FloatRows& images, Eigen::Index index) {
  std::vector<float> moved;
  for (int i = 0; i < latent_dim; ++i) {
    moved.insert(moved.end(), latent.begin(), latent.end());
    moved[moved.size() - latent.size() + static_cast<std::size_t>(i)] += kStep;
  }
  const FloatImages drawn = draw(moved);
  return (Eigen::Map<const FloatRows>(drawn.values.data(), latent_dim, images.cols()).rowwise() - images.row(index)) /
         kStep;
}

}  // namespace

std::vector<float> strongest_directions(std::span<const float> latents, int latent_dim, int most,
                                        const DrawImages& draw) {
  const FloatImages drawn = draw(latents);
  const Eigen::Index count = drawn.count, pixels = static_cast<Eigen::Index>(drawn.values.size()) / count;
  const FloatRows images = Eigen::Map<const FloatRows>(drawn.values.data(), count, pixels);
  Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(latent_dim, latent_dim);
  for (Eigen::Index i = 0; i < count; ++i) {
    const std::size_t inputs = latents.size() / static_cast<std::size_t>(count);
    const FloatRows changes =
        changes_of_image(latents.subspan(static_cast<std::size_t>(i) * inputs, inputs), latent_dim, draw, images, i);
    squares += (changes * changes.transpose()).cast<double>();
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(squares);  // eigenvalues ascending
  std::vector<float> directions;
  for (int k = 0; k < std::min(most, latent_dim); ++k) {
    Eigen::VectorXd direction = solver.eigenvectors().col(latent_dim - 1 - k);
    Eigen::Index largest = 0;
    direction.cwiseAbs().maxCoeff(&largest);
    if (direction(largest) < 0) direction = -direction;
    for (const double value : direction) directions.push_back(static_cast<float>(value));
  }
  return directions;
}

}  // namespace duel::app
