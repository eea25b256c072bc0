// The page of a run.
#pragma once

#include <string>

#include "app/report/page_form.h"
#include "app/report/run_record.h"

namespace duel::app {

/// Whether a setting of config.toml differs from the preset that config.toml names. True for what this build does not
/// know.
bool differs_from_preset(const TrainingProgram& program, const ConfigEntry& entry, const std::string& preset_name);

/// A whole page of HTML, well-formed as XML too. As a file it needs no other file and no network; `script`: what a live
/// page does beside that.
std::string report_page(const RunRecord& run, PageForm form = PageForm::file, const std::string& script = "");

}  // namespace duel::app
