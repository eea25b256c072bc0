#include "app/settings/data_stack_options.h"

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"

namespace duel::app {

namespace {

/// Of 28 x 28 pixels that is below the most that an IDX file may hold.
constexpr WholeRange kStackedImages{2, 900'000};

}  // namespace

const CommandText DataStackOptions::kCommand = {
    "data stack", "Make a dataset in colour whose three channels are random images of a grey one.",
    "Examples:\n"
    "  {program} data stack --out stacked                       of the dataset that train would take\n"
    "  {program} data stack --data digits --out stacked --count 128000\n\n"
    "Three digits in an image make 1,000 combinations: evaluate counts how many of these modes a generator draws.",
    "; a smaller --count needs less"};

template <class Visitor, OptionsOf<DataStackOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Stack");
  visit({"data", "DIR", "folder with grey images and their labels; left out: search the usual places"}, options.data);
  visit({"out", "DIR", "the dataset's folder: a new name, or an empty folder"}, options.out);
  visit({"count", "N", "images to train on"}, options.count, kStackedImages);
  visit({"test-count", "N", "images for tests, of the dataset's own"}, options.test_count, kStackedImages);
  visit({"seed", "N", "decides which images lie over each other"}, options.seed);
}

const std::vector<Setting<DataStackOptions>>& DataStackOptions::settings() {
  return collected_settings<DataStackOptions>();
}

void validate_options(const DataStackOptions& options) {
  check_ranges(DataStackOptions::settings(), options);
  require(!options.out.empty(), "out", options.out, "a folder for the dataset");
}

}  // namespace duel::app
