#include "app/settings/animate_options.h"

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"

namespace duel::app {

EnumNames<AnimationFormat> names_of(AnimationFormat) {
  using enum AnimationFormat;
  static constexpr EnumName<AnimationFormat> kNames[] = {{both, "both"}, {gif, "gif"}, {png, "png"}};
  return kNames;
}

const CommandText AnimateOptions::kCommand = {
    "animate", "Make a moving picture of a run's samples, or of a walk through latent space.",
    "Examples:\n"
    "  {program} animate latest                        how the samples of the newest run came to be\n"
    "  {program} animate --walk --checkpoint latest    from image to image, and back to the first: it loops\n",
    "; a smaller --count, --stops or --steps needs less"};

template <class Visitor, OptionsOf<AnimateOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Of a run");
  visit({.name = "run", .placeholder = "RUN", .help = kRunHelp, .in_file = false, .place = Place::argument},
        options.run);
  visit({"frames", "N", "most pictures; of more, some are chosen evenly"}, options.frames, {1, 10'000});
  visit({"hold", "S", "seconds that the last picture is shown"}, options.hold);

  visit.group("Of a walk");
  visit({"walk", "", "through the latents of --checkpoint instead"}, options.walk);
  visit({"count", "N", "images that walk at once"}, options.count, {1, kMostImages});
  visit({"columns", "N", "of their grid"}, options.columns, {1, kMostImages});
  visit({"stops", "N", "latents that each passes before it is back"}, options.stops, {1, 1000});
  visit({"steps", "N", "frames from one to the next"}, options.steps, {1, 1000});

  visit.group("Pictures");
  visit({"format", "FORMAT", "gif, png (animated PNG: every pixel as it is), or both"}, options.format);
  visit({"fps", "N", "frames a second; 0: 10 of a run, 25 of a walk"}, options.fps, {0, 50});
  visit_generator(visit, options);

  visit_device(visit, options);
}

const std::vector<Setting<AnimateOptions>>& AnimateOptions::settings() {
  return collected_settings<AnimateOptions>();
}

void validate_options(const AnimateOptions& options) {
  check_ranges(AnimateOptions::settings(), options);
  if (options.walk == !options.run.empty()) {
    throw UsageError("expected either a run, whose samples are shown, or --walk with --checkpoint PATH");
  }
  require(options.hold >= 0 && options.hold <= 60, "hold", options.hold, "0 to 60 seconds");
  if (options.walk) {
    check_generator(options);
    const WholeRange range = {1, kMostImages / options.stops / options.steps};
    require(range.contains(options.count), "count", options.count,
            range.text() + " of " + std::to_string(options.stops * options.steps) + " frames (--stops times --steps)");
  }
  require(!options.outdir.empty(), "outdir", options.outdir, "a folder");
}

}  // namespace duel::app
