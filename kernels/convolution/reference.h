// What the references of convolutions share. Host memory.
#pragma once

#include "kernels/convolution/geometry.h"

namespace duel {

/// Calls f(output row, input row, weight row, weight column) for every product of a convolution, each row being a
/// channel's pixel: the output is the sum of weight times input over them. What a transposed layer computes, and every
/// gradient, are sums of the same products.
template <class Function>
void for_each_product(const ConvolutionGeometry& g, Function f) {
  const ImageShape in = g.input, out = g.output();
  for (int co = 0; co < out.channels; ++co) {
    for (int oy = 0; oy < out.height; ++oy) {
      for (int ox = 0; ox < out.width; ++ox) {
        for (int ci = 0; ci < in.channels; ++ci) {
          for (int ky = 0; ky < g.kernel; ++ky) {
            for (int kx = 0; kx < g.kernel; ++kx) {
              const int y = oy * g.stride - g.padding + ky, x = ox * g.stride - g.padding + kx;
              if (y < 0 || y >= in.height * g.upsample || x < 0 || x >= in.width * g.upsample) continue;
              const int pixel = y / g.upsample * in.width + x / g.upsample;
              f((co * out.height + oy) * out.width + ox, ci * in.pixels() + pixel, co,
                (ci * g.kernel + ky) * g.kernel + kx);
            }
          }
        }
      }
    }
  }
}

/// The same for a passage of the layer: f(row written, row read, weight row, weight column).
template <class Function>
void for_each_product(const ConvolutionGeometry& g, bool adjoint, Function f) {
  for_each_product(g, [&](int output, int input, int row, int column) {
    adjoint ? f(input, output, row, column) : f(output, input, row, column);
  });
}

}  // namespace duel
