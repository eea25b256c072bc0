// What shells and `man` are told of a program: completions and its manual page.
#pragma once

#include <string>

#include "app/settings/completion_options.h"
#include "app/settings/training_program.h"

namespace duel::app {

/// A script that completes the program's commands, options and values: names, files and folders.
std::string completion_script(const TrainingProgram& program, Shell shell);

/// The manual page, section 1, for `man -l` and share/man.
std::string manual_page(const TrainingProgram& program);

}  // namespace duel::app
