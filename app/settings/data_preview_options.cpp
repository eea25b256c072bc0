#include "app/settings/data_preview_options.h"

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"

namespace duel::app {

const CommandText DataPreviewOptions::kCommand = {
    "data preview", "Draw a dataset: a row of images for each class.",
    "Examples:\n"
    "  {program} data preview                 the dataset that train would take\n"
    "  {program} data preview cats --columns 20 --outdir pictures",
    "; fewer --columns need less"};

template <class Visitor, OptionsOf<DataPreviewOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Preview");
  visit_dataset(visit, options);
  visit({"outdir", "DIR", "where the picture goes"}, options.outdir);
  visit({"columns", "N", "images of each class"}, options.columns, {1, 1000});
  visit({"scale", "N", kScaleHelp}, options.scale, kScales);
  visit({"test", "", "the test images instead of those to train on"}, options.test);
}

const std::vector<Setting<DataPreviewOptions>>& DataPreviewOptions::settings() {
  return collected_settings<DataPreviewOptions>();
}

void validate_options(const DataPreviewOptions& options) {
  check_ranges(DataPreviewOptions::settings(), options);
  require(!options.outdir.empty(), "outdir", options.outdir, "a folder");
}

}  // namespace duel::app
