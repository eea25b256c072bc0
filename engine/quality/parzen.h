// Log-likelihood of real images under a Parzen window: the mixture of Gaussians of width sigma around the samples,
// sigma chosen on validation images. What the first papers on GANs report; it rewards being near some sample pixel by
// pixel, and says little about how images look.
// Source: the protocol of I. Goodfellow et al., Generative adversarial nets (2014): 10,000 samples, images in [0, 1],
// sigma from 10^-1 to 10^0 in ten logarithmic steps, chosen on the first 1,000 validation images; mean over the test
// images with its standard error.
#pragma once

#include <vector>

#include "engine/quality/pairwise_distances.h"

namespace duel {

/// 10^-1, ..., 10^0: ten values, equal steps of the logarithm.
std::vector<double> parzen_sigmas();

/// log p of each image for each sigma, [images, sigmas], nats: log mean over samples of N(image; sample, sigma² I).
std::vector<double> parzen_log_likelihoods(const PairwiseDistances& distances, const DevicePoints& images,
                                           const DevicePoints& samples, const std::vector<double>& sigmas);

struct ParzenResult {
  double log_likelihood = 0;  ///< mean over the test images, nats
  double standard_error = 0;  ///< of that mean
  double sigma = 0;           ///< the one of parzen_sigmas() with the highest mean over the validation images
};

/// All images in [0, 1]. Distances are computed once for all sigmas.
ParzenResult parzen(const PairwiseDistances& distances, const DevicePoints& validation, const DevicePoints& test,
                    const DevicePoints& samples);

}  // namespace duel
