#include "app/settings/info_options.h"

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"

namespace duel::app {

const CommandText InfoOptions::kCommand = {
    "info", "Say what this program is: version, build, device, kernels, and the images that it finds.",
    "Examples:\n"
    "  {program} info\n"
    "  {program} info --format json                      for programs, and for reports of mistakes"};

template <class Visitor, OptionsOf<InfoOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Output");
  visit_format(visit, options.format);
  visit({"json", "", "the same as --format json"}, options.json);
  visit_device(visit, options);
}

const std::vector<Setting<InfoOptions>>& InfoOptions::settings() {
  return collected_settings<InfoOptions>();
}

void validate_options(const InfoOptions& options) {
  check_ranges(InfoOptions::settings(), options);
}

}  // namespace duel::app
