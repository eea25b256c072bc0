// The weight of a convolution as filters, where they are others than the weight itself.
#pragma once

#include "kernels/convolution/geometry.h"

namespace duel {

/// Enqueues what fills `filters`, FilterBank::size() values, from the weight.
void launch_filters(const ConvolutionGeometry& geometry, const Passage& passage, const Matrix<const float>& weight,
                    float* filters, StreamView stream);

/// The filters of a passage: the weight, or what launch_filters() enqueued makes of it in the workspace.
inline const float* filters_for(const ConvolutionGeometry& geometry, const Passage& passage,
                                const Matrix<const float>& weight, const Vector<float>& workspace, StreamView stream) {
  if (FilterBank(passage).is_weight()) return weight.data;
  launch_filters(geometry, passage, weight, workspace.data, stream);
  return workspace.data;
}

}  // namespace duel
