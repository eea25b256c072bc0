// What to say of repeated measurements: their median and quartiles, which a few disturbed ones do not move.
#pragma once

#include <cstddef>
#include <vector>

namespace duel {

struct Summary {
  std::size_t count = 0;
  double minimum = 0, first_quartile = 0, median = 0, third_quartile = 0, maximum = 0;
};

/// The value below which a share `fraction` of the sorted samples lies, by linear interpolation. There must be one.
double quantile(const std::vector<double>& sorted, double fraction);

/// Quartiles lie between samples by linear interpolation. Throws std::invalid_argument for no samples and for samples
/// that are not finite.
Summary summarize(std::vector<double> samples);

/// Interquartile range over median: how far single samples scatter. Infinite unless the median is positive.
double relative_spread(const Summary& summary);

/// Standard error of the median over the median, were the samples independent and normal: 1.2533 sigma / sqrt(n) with
/// sigma = interquartile range / 1.349. What repeating the measurement can bring down.
double relative_noise(const Summary& summary);

/// Enough samples, and their noise at most `target`.
bool is_settled(const std::vector<double>& samples, double target, std::size_t least_samples);

/// numerators[i] / denominators[i] of paired measurements, as many as there are pairs.
std::vector<double> ratios_of(const std::vector<double>& numerators, const std::vector<double>& denominators);

}  // namespace duel
