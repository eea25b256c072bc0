#include "app/settings/interpolate_options.h"

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"

namespace duel::app {

const CommandText InterpolateOptions::kCommand = {"interpolate", "Draw what lies between two latents of a checkpoint.",
                                                  "", "; a smaller --count or --rows needs less"};

template <class Visitor, OptionsOf<InterpolateOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Interpolation");
  visit_generator(visit, options);
  visit({"count", "N", "images of a row, its two ends included"}, options.count, {2, kMostImages});
  visit({"rows", "N", "pairs of latents"}, options.rows, {1, kMostImages / 2});
  visit({"spherical", "", "along an arc, which keeps the latents' length, instead of a line"}, options.spherical);

  visit_device(visit, options);
}

const std::vector<Setting<InterpolateOptions>>& InterpolateOptions::settings() {
  return collected_settings<InterpolateOptions>();
}

void validate_options(const InterpolateOptions& options) {
  check_ranges(InterpolateOptions::settings(), options);
  check_generator(options);
  const WholeRange range = {1, kMostImages / options.count};
  require(range.contains(options.rows), "rows", options.rows,
          range.text() + " of " + std::to_string(options.count) + " images (--count)");
}

}  // namespace duel::app
