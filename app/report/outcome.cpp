#include "app/report/outcome.h"

#include <cmath>

#include "app/advice/remedy.h"
#include "app/report/html.h"
#include "app/report/run_facts.h"

namespace duel::app {
namespace {

struct Notice {
  const char* style;
  std::string title, reason;
  std::string remedy;  ///< with `code`
};

/// Whether there were looks, and each found something wrong.
bool has_never_looked_well(const LogTable& log) {
  return log.find("bad_looks") != nullptr && log.last("bad_looks") == static_cast<double>(log.iterations.size());
}

std::string progress(const RunOutcome& outcome) {
  return "after " + whole_number(outcome.iterations) + " of " + whole_number(outcome.goal) + " iterations";
}

/// "`PROGRAM train --resume RUN` goes on from there.", where there is something to go on from.
std::string go_on(const RunRecord& run, const RunOutcome& outcome, const std::string& from_where) {
  const std::string command = resume_command(*run.program, run.folder, is_out_of_time(outcome));
  return command.empty() ? "" : "`" + command + "` goes on from " + from_where + ".";
}

std::string collapse_reason(const RunRecord& run) {
  const Alarm* alarm = alarm_at_the_end(run.convergence);
  return alarm == nullptr ? "" : "Since iteration " + whole_number(alarm->first) + ": " + alarm->text + ".";
}

/// The same after other text.
std::string rest(const RunRecord& run, const RunOutcome& outcome, const std::string& from_where) {
  const std::string text = go_on(run, outcome, from_where);
  return text.empty() ? "" : " " + text;
}

Notice notice_of(const RunRecord& run, const RunOutcome& outcome, PageForm form) {
  const bool is_alarmed = alarm_at_the_end(run.convergence) != nullptr;
  const bool is_done = outcome.iterations == outcome.goal;
  const std::string left = is_open(outcome.end) ? go_on(run, outcome, "the last checkpoint") : "";
  switch (outcome.end) {
    case RunEnd::running:
      if (form == PageForm::live) return {"open", "This run goes on", "The page follows it by itself.", ""};
      return {"open", "This run had not ended when the page was written",
              "While it runs, the page is written anew now and then: reload it.",
              "If its process is gone, " + (left.empty() ? "train again: it had no checkpoint yet." : left)};
    case RunEnd::killed: {
      const double done = iterations_done(run);
      return {"bad", "The run was killed: its process is gone without a word",
              std::isfinite(done) ? "Its files reach to iteration " + whole_number(done) + " of " +
                                        whole_number(static_cast<double>(outcome.goal)) + "."
                                  : "",
              left.empty() ? "It had no checkpoint yet: train again." : left};
    }
    case RunEnd::finished:
      if (is_alarmed) {
        return {"bad", "The run has finished, but the generator looks collapsed", collapse_reason(run), outcome.remedy};
      }
      if (has_never_looked_well(run.convergence)) {
        return {"open", "The run has finished: " + whole_number(outcome.iterations) + " iterations",
                "No look has found the generator well yet: it may need more iterations.", ""};
      }
      return {"good", "The run has finished: " + whole_number(outcome.iterations) + " iterations", "", ""};
    case RunEnd::stopped:
      if (is_alarmed) {
        return {"bad", "The run was stopped " + progress(outcome) + ", and the generator looks collapsed",
                "Stopped by " + outcome.reason + "; the state is saved. " + collapse_reason(run),
                outcome.remedy + rest(run, outcome, "there all the same")};
      }
      return {"open", "The run was stopped " + progress(outcome), "By " + outcome.reason + ". The state is saved.",
              go_on(run, outcome, "there")};
    case RunEnd::collapsed:
      return {"bad",
              is_done ? "The run has finished, and the generator has collapsed"
                      : "The generator has collapsed: the run was stopped " + progress(outcome),
              collapse_reason(run),
              outcome.remedy + (is_done ? "" : rest(run, outcome, "there, until the next bad look"))};
    case RunEnd::failed:
      break;
  }
  return {"bad", "The run failed " + progress(outcome) + ", with exit code " + std::to_string(outcome.exit_code),
          outcome.reason, outcome.remedy};
}

std::string paragraph(const std::string& html) {
  return html.empty() ? "" : "<p>" + html + "</p>";
}

/// With <code> for what stands between two backticks.
std::string with_code(const std::string& text) {
  std::string html = escape_html(text);
  bool is_open = false;
  for (auto at = html.find('`'); at != std::string::npos; at = html.find('`')) {
    html.replace(at, 1, is_open ? "</code>" : "<code>");
    is_open = !is_open;
  }
  return html + (is_open ? "</code>" : "");
}

}  // namespace

std::string outcome_html(const RunRecord& run, PageForm form) {
  if (!run.outcome) {
    return "<p class=\"note\">outcome.json is absent or cannot be read: how the run ended is not known.</p>\n";
  }
  const Notice notice = notice_of(run, *run.outcome, form);
  return std::string("<section class=\"card outcome ") + notice.style + "\"><h3>" + escape_html(notice.title) +
         "</h3>" + paragraph(escape_html(notice.reason)) + paragraph(with_code(notice.remedy)) + "</section>\n";
}

}  // namespace duel::app
