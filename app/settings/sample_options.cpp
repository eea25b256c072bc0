#include "app/settings/sample_options.h"

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"

namespace duel::app {

const CommandText SampleOptions::kCommand = {"sample", "Draw images from a checkpoint.", "",
                                             "; a smaller --count needs less"};

template <class Visitor, OptionsOf<SampleOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Samples");
  visit_generator(visit, options);
  visit({"count", "N", "images"}, options.count, {1, kMostImages});
  visit({"columns", "N", "of the grid"}, options.columns, {1, kMostImages});
  visit({"individual", "", "also write every image as a file of its own"}, options.individual);

  visit.group("Nearest training images");
  visit({"nearest", "", "also each image beside the training image nearest to it, with their distance"},
        options.nearest);
  visit({"data", "DIR", "folder with the training images; left out: search the usual places"}, options.data);

  visit_device(visit, options);
}

const std::vector<Setting<SampleOptions>>& SampleOptions::settings() {
  static const std::vector<Setting<SampleOptions>> kSettings = collect_settings<SampleOptions>();
  return kSettings;
}

void validate_options(const SampleOptions& options) {
  check_ranges(SampleOptions::settings(), options);
  check_generator(options);
}

}  // namespace duel::app
