// `animate`: pictures that move.
#pragma once

#include <string>
#include <vector>

#include "app/settings/options.h"
#include "engine/configuration/enum_names.h"

namespace duel::app {

enum class AnimationFormat { both, gif, png };
EnumNames<AnimationFormat> names_of(AnimationFormat);

struct AnimateOptions : GeneratorOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<AnimateOptions>>& settings();

  AnimateOptions() { scale = 2; }

  std::string run;    ///< its folder, or "latest": its sample pictures; "": a walk
  bool walk = false;  ///< through the latents of a checkpoint
  AnimationFormat format = AnimationFormat::both;
  int fps = 0;       ///< frames a second; 0: 10 of a run, 25 of a walk
  double hold = 2;   ///< seconds that the last picture of a run is shown
  int frames = 150;  ///< most pictures of a run
  int count = 16;    ///< images of a walk
  int columns = 4;   ///< of its grid
  int stops = 6;     ///< latents that each of its images passes
  int steps = 24;    ///< frames from one to the next
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const AnimateOptions& options);

}  // namespace duel::app
