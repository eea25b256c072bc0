#pragma once

#include <span>
#include <vector>

#include "app/errors/exit_code.h"
#include "app/settings/interpolate_options.h"

namespace duel::app {

/// `steps` >= 2 latents from z0 to z1, these two included, bit for bit: [steps, z0.size()]. On the line
/// (1 - t) z0 + t z1; or, `spherical`, on the arc sin((1 - t) w) / sin(w) z0 + sin(t w) / sin(w) z1, where w is the
/// angle between them: z ~ N(0, I) has nearly the same length every time, and points in the middle of a line are too
/// short (K. Shoemake, Animating rotation with quaternion curves, 1985). Where the two (nearly) lie on one line through
/// 0, the arc is no arc, and the line serves. The last `classes` values are on the line all the same.
std::vector<float> interpolate_latents(std::span<const float> z0, std::span<const float> z1, int steps, bool spherical,
                                       int classes = 0);

/// `interpolate`: writes DIR/interpolation_seed0_8x10.png (or interpolation_spherical_...), a row for each pair
/// of latents, of which --seed decides 2 * rows, and of classes where there are some; or under another name
/// (NewPictures); prints the path. Goodfellow et al. 2014, figure 3. Throws what exit_code_of() knows.
ExitCode interpolate(const InterpolateOptions& options);

}  // namespace duel::app
