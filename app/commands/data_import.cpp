#include "app/commands/data_import.h"

#include <fmt/core.h>

#include <iostream>

#include "app/data/image_import.h"
#include "app/settings/training_program.h"
#include "engine/measure/progress_line.h"
#include "files/new_folder.h"
#include "files/path_text.h"

namespace duel::app {

ExitCode data_import(const DataImportOptions& options) {
  NewFolder folder("--out", options.out);
  ProgressLine line(std::cerr, ProgressLine::Elsewhere::later_lines);
  const ImportedDataset dataset = import_images(
      options, [&](std::size_t done, std::size_t all) { line.show(fmt::format("{} of {} files", done, all)); });
  line.clear();
  const std::filesystem::path named = options.out.has_filename() ? options.out : options.out.parent_path();
  write_dataset(dataset, options, std::filesystem::absolute(named).lexically_normal().filename().string(),
                folder.path());
  folder.keep();
  const std::string out = shell_path(options.out), program = options.program->name;
  std::cout << options.out.string() << ": " << import_report(dataset, *options.program) << "look:  " << program
            << " data preview " << out << "\ntrain: " << program << " train --data " << out << "\n";
  return ExitCode::ok;
}

}  // namespace duel::app
