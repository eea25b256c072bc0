#include "engine/quality/frechet_distance.h"

#include <Eigen/Dense>
#include <algorithm>
#include <stdexcept>
#include <string>

namespace duel {
namespace {

using Matrix64 = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Solver = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;

constexpr int kPointsAtATime = 1024;  // converted to double together

Eigen::Map<const Eigen::VectorXd> mean_of(const Moments& moments) {
  return {moments.mean.data(), moments.dimension};
}
Eigen::Map<const Matrix64> covariance_of(const Moments& moments) {
  return {moments.covariance.data(), moments.dimension, moments.dimension};
}

/// Rounding makes eigenvalues that are 0 slightly negative.
Eigen::VectorXd roots_of(const Eigen::VectorXd& eigenvalues) {
  return eigenvalues.cwiseMax(0.0).cwiseSqrt();
}

}  // namespace

Moments moments_of(const Points& points) {
  const int count = points.count(), dimension = points.dimension;
  if (count < 2) throw std::invalid_argument("a covariance needs two points, found " + std::to_string(count));
  using FloatRows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const FloatRows> values(points.values.data(), count, dimension);
  const auto chunk = [&](int begin) {
    return values.middleRows(begin, std::min(kPointsAtATime, count - begin)).cast<double>();
  };
  Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(dimension);
  for (int begin = 0; begin < count; begin += kPointsAtATime) mean += chunk(begin).colwise().sum();
  mean /= count;
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(dimension, dimension);
  for (int begin = 0; begin < count; begin += kPointsAtATime) {
    const Eigen::MatrixXd centred = chunk(begin).rowwise() - mean;
    covariance.selfadjointView<Eigen::Lower>().rankUpdate(centred.transpose());
  }
  const Matrix64 full = Matrix64(covariance.selfadjointView<Eigen::Lower>()) / (count - 1);
  return {dimension, {mean.data(), mean.data() + dimension}, {full.data(), full.data() + full.size()}};
}

double frechet_distance(const Moments& a, const Moments& b) {
  if (a.dimension != b.dimension) {
    throw std::invalid_argument("expected features of one dimension, found " + std::to_string(a.dimension) + " and " +
                                std::to_string(b.dimension));
  }
  const auto first = covariance_of(a), second = covariance_of(b);
  const Solver solver{Eigen::MatrixXd(first)};
  const Eigen::MatrixXd& vectors = solver.eigenvectors();
  const Eigen::MatrixXd root = vectors * roots_of(solver.eigenvalues()).asDiagonal() * vectors.transpose();
  const Eigen::MatrixXd product = root * second * root;
  const Solver of_product((product + product.transpose()) / 2, Eigen::EigenvaluesOnly);
  const double of_means = (mean_of(a) - mean_of(b)).squaredNorm();
  const double of_covariances = first.trace() + second.trace() - 2 * roots_of(of_product.eigenvalues()).sum();
  return std::max(0.0, of_means + of_covariances);
}

}  // namespace duel
