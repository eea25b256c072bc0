// The page of a run.
#pragma once

#include <string>

#include "app/report/page_form.h"
#include "app/report/run_record.h"

namespace duel::app {

/// Whether a setting of config.toml differs from the preset that config.toml names. True for what this build does not
/// know.
bool differs_from_preset(const TrainingProgram& program, const ConfigEntry& entry, const std::string& preset_name);

/// The frame of a page that needs no other file: its style and script, and what is added to them. `beginning`: up to
/// the <html> tag; `links`: more in the head; `main`: the content, HTML like `links`.
std::string page_frame(const std::string& beginning, const std::string& links, const std::string& title,
                       const std::string& style, const std::string& main, const std::string& script);

/// A whole page of HTML, well-formed as XML too. As a file it needs no other file and no network; `script`: what a live
/// page does beside that.
std::string report_page(const RunRecord& run, PageForm form = PageForm::file, const std::string& script = "");

}  // namespace duel::app
