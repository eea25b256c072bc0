#include "app/settings/data_info_options.h"

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"

namespace duel::app {

const CommandText DataInfoOptions::kCommand = {
    "data info", "Say what a dataset holds: images, classes, pixels, copies.",
    "Examples:\n"
    "  {program} data info                    the dataset that train would take\n"
    "  {program} data info cats --out cats.json"};

template <class Visitor, OptionsOf<DataInfoOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Dataset");
  visit_dataset(visit, options);
  visit_result(visit, options.result);
}

const std::vector<Setting<DataInfoOptions>>& DataInfoOptions::settings() {
  return collected_settings<DataInfoOptions>();
}

void validate_options(const DataInfoOptions&) {}

}  // namespace duel::app
