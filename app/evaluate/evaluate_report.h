// What `evaluate` prints and writes: the same numbers for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "app/evaluate/evaluate_result.h"
#include "engine/quality/self_test.h"

namespace duel::app {

/// Tables: a figure a line, with its range and what real images measure.
std::string evaluate_report(const EvaluateResult& result);

/// A line for each figure of each checkpoint, and of all of several.
std::string evaluate_csv(const EvaluateResult& result);

/// Everything, by seed and checkpoint.
std::string evaluate_json(const EvaluateResult& result);

/// A line for every question of the self-test, for people.
std::string self_test_text(const std::vector<SelfTestCheck>& checks);
ResultForms self_test_report(const EvaluateOptions& options, const std::vector<SelfTestCheck>& checks);

/// What was evaluated with what, before it begins.
std::string evaluate_introduction(const EvaluateResult& result);

}  // namespace duel::app
