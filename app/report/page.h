// The page of a run.
#pragma once

#include <string>

#include "app/report/run_record.h"

namespace duel::app {

/// Whether a setting of config.toml differs from the preset that config.toml names. True for what this build does not
/// know.
bool differs_from_preset(const TrainingProgram& program, const ConfigEntry& entry, const std::string& preset_name);

/// A whole page of HTML that needs no other file and no network; also well-formed as XML.
std::string report_page(const RunRecord& run);

}  // namespace duel::app
