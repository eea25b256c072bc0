#include "app/settings/runs_options.h"

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"

namespace duel::app {

const CommandText RunsOptions::kCommand = {"runs", "List the runs below a folder.",
                                           "Examples:\n"
                                           "  {program} runs                        those of train\n"
                                           "  {program} runs experiments --format csv > runs.csv"};

template <class Visitor, OptionsOf<RunsOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Runs");
  visit({.name = "folder",
         .placeholder = "FOLDER",
         .help = "below which to look; left out: where train puts runs",
         .place = Place::argument},
        options.folder);
  visit_format(visit, options.format);
}

const std::vector<Setting<RunsOptions>>& RunsOptions::settings() {
  return collected_settings<RunsOptions>();
}

void validate_options(const RunsOptions& options) {
  check_ranges(RunsOptions::settings(), options);
}

const CommandText CompareRunsOptions::kCommand = {
    "runs compare", "Compare runs: the settings that differ, and their curves over each other on one page.",
    "Examples:\n"
    "  {program} runs compare runs/00003-default runs/00007-trial\n"
    "  {program} runs compare 3 7 latest --out trials.html             by their numbers"};

template <class Visitor, OptionsOf<CompareRunsOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Comparison");
  visit({.name = "runs",
         .placeholder = "RUN",
         .help = "two or more: their folders, numbers, or latest",
         .place = Place::required},
        options.compared);
  visit_format(visit, options.format);
  visit({"out", "FILE", "the page, which takes the place of an earlier comparison"}, options.out);
}

const std::vector<Setting<CompareRunsOptions>>& CompareRunsOptions::settings() {
  return collected_settings<CompareRunsOptions>();
}

void validate_options(const CompareRunsOptions& options) {
  check_ranges(CompareRunsOptions::settings(), options);
  require(options.compared.size() >= 2 && options.compared.size() <= kMostCompared, "runs", options.compared,
          "2 to " + std::to_string(kMostCompared) + " runs");
}

}  // namespace duel::app
