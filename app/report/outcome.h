// What the page says at its top: how the run ended, why, and what to do.
#pragma once

#include <string>

#include "app/report/page_form.h"
#include "app/report/run_record.h"

namespace duel::app {

/// A section of HTML. An end that nobody wants, an error or a collapse, stands out.
std::string outcome_html(const RunRecord& run, PageForm form);

}  // namespace duel::app
