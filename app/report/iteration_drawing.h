// The kernels of an iteration and what they wait for, as a picture.
#pragma once

#include <filesystem>
#include <string>

#include "engine/training/planned_iteration.h"

namespace duel::app {

/// How a drawing is written.
enum class DrawingForm { svg, dot };

/// By the ending of the file's name. Throws std::invalid_argument for another one than .svg or .dot.
DrawingForm form_of(const std::filesystem::path& file);

/// What every drawing of that form begins with.
std::string beginning_of(DrawingForm form);

/// A row for each kernel, a box for each task, an arrow for each wait that does not follow from others.
std::string draw(const PlannedIteration& iteration, DrawingForm form);

}  // namespace duel::app
