// Spectral normalization of a network's weights: each becomes W / sigma, where sigma = u . (W v) is nearly its largest
// singular value. u and v are what a step of the power iteration makes of those of the step before: u = W v / |W v|,
// then v = Wᵀ u / |Wᵀ u|. The gradient takes both for constants. Source: T. Miyato et al., Spectral normalization for
// generative adversarial networks (2018), algorithm 1; torch.nn.utils.parametrizations.spectral_norm.
#pragma once

#include "kernels/op.h"
#include "kernels/ops/spectral_norm/spectral_weights.h"

namespace duel {

/// Lengths below it count as this, as in torch.nn.functional.normalize.
inline constexpr float kSpectralEps = 1e-12f;

template <class T>
struct SpectralNorm {
  SpectralWeights weights;
  bool iterates = true;        ///< makes a step of the power iteration; else sigma is that of u and v as they are
  Vector<const T> parameters;  ///< W of each weight, and others [n], read
  Vector<T> vectors;           ///< u and v of each weight [m], read; written where it iterates
  Vector<T> sigma;             ///< of each weight [count], written
  Vector<T> normalized;        ///< W / sigma of each weight, in its place [n], written; all else stays as it is
  Vector<T> workspace;         ///< [m or more], overwritten; means nothing outside
};

/// The way back: of dL/d(W / sigma), which is d, dL/dW = (d - <d, W / sigma> u vᵀ) / sigma in its place.
template <class T>
struct SpectralNormGradient {
  SpectralWeights weights;
  Vector<const T> normalized;  ///< W / sigma of each weight [n], read
  Vector<const T> vectors;     ///< u and v with which sigma was computed [m], read
  Vector<const T> sigma;       ///< [count], read
  Vector<T> gradient;          ///< of each weight, in its place [n], read and written; all else stays as it is
  Vector<T> workspace;         ///< [weights.parts() or more], overwritten; means nothing outside
};

const Op<SpectralNorm<float>>& spectral_norm_op();
const Op<SpectralNormGradient<float>>& spectral_norm_gradient_op();

/// The same in double precision, on host memory; they need no workspace.
void spectral_norm_reference(const SpectralNorm<double>& arguments);
void spectral_norm_gradient_reference(const SpectralNormGradient<double>& arguments);

template <class T, class Visitor>
void visit(SpectralNorm<T>& a, Visitor&& visitor) {
  visitor.reads("parameters", a.parameters);
  if (a.iterates) {
    visitor.updates("vectors", a.vectors);
  } else {
    visitor.reads("vectors", a.vectors);
  }
  visitor.writes("sigma", a.sigma);
  visitor.updates("normalized", a.normalized);
  visitor.updates("workspace", a.workspace);
}

template <class T, class Visitor>
void visit(SpectralNormGradient<T>& a, Visitor&& visitor) {
  visitor.reads("normalized", a.normalized);
  visitor.reads("vectors", a.vectors);
  visitor.reads("sigma", a.sigma);
  visitor.updates("gradient", a.gradient);
  visitor.updates("workspace", a.workspace);
}

}  // namespace duel
