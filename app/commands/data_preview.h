#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/data_preview_options.h"

namespace duel::app {

/// `data preview`: writes DIR/preview_NAME.png, a row for each class, or under another name (NewPictures); prints its
/// path, and which row is which class. Throws what exit_code_of() knows.
ExitCode data_preview(const DataPreviewOptions& options);

}  // namespace duel::app
