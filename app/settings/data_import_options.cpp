#include "app/settings/data_import_options.h"

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"

namespace duel {

EnumNames<Fit> names_of(Fit) {
  using enum Fit;
  static constexpr EnumName<Fit> kNames[] = {{crop, "crop"}, {pad, "pad"}};
  return kNames;
}

namespace app {

EnumNames<Ground> names_of(Ground) {
  using enum Ground;
  static constexpr EnumName<Ground> kNames[] = {{black, "black"}, {white, "white"}};
  return kNames;
}

const CommandText DataImportOptions::kCommand = {
    "data import", "Make a dataset of pictures, or of a table or array of pixels.",
    "Examples:\n"
    "  {program} data import photos --out cats --size 32 --fit pad\n"
    "  {program} data import drawings --out digits --channels 1 --invert     ink on paper becomes white on black\n"
    "  {program} data import train.csv --out digits                          a line an image, labels in the first "
    "column\n"
    "  {program} data import images.npy --labels labels.npy --out digits\n\n"
    "SOURCE is a folder of PNG and JPEG files, a CSV, NPY or IDX file, or a folder of IDX files. Subfolders are "
    "classes; "
    "below train and test, where these are there. DIR gets IDX files, which --data DIR takes.",
    "; a smaller --size or fewer --threads need less"};

template <class Visitor, OptionsOf<DataImportOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Import");
  visit({"source", "SOURCE", "folder of pictures; or CSV, NPY or IDX file", {}, OnResume::fixed, true, Place::required},
        options.source);
  visit({"out", "DIR", "the dataset's folder: a new name, or an empty folder"}, options.out);
  visit({"labels", "FILE", "labels of an NPY or IDX file's images: NPY or IDX"}, options.labels);

  visit.group("Images");
  visit({"size", "N", "height and width in pixels; 0: as they are, all alike and square"}, options.size,
        {0, kImageSizes.high});
  visit({"fit", "HOW", "what is no square: crop takes its middle, pad adds bars"}, options.fit);
  visit({"channels", "N", "1 (grey) or 3 (RGB); 0: 3 where an image has colours"}, options.channels, {0, 3});
  visit({"ground", "COLOUR", "of bars and behind what is transparent: black or white"}, options.ground);
  visit({"invert", "", "black becomes white: for ink on paper"}, options.invert);
  visit({"transpose", "", "rows become columns: for images that lie on their side"}, options.transpose);

  visit.group("Test images");
  visit({"test-share", "P", "share of each class that is kept for tests"}, options.test_share);
  visit({"seed", "N", "decides which, and the order of all"}, options.seed);

  visit.group("Device");
  visit({"threads", "N", "that read pictures; 0: all processors"}, options.threads, kThreads);
}

const std::vector<Setting<DataImportOptions>>& DataImportOptions::settings() {
  return collected_settings<DataImportOptions>();
}

void validate_options(const DataImportOptions& options) {
  check_ranges(DataImportOptions::settings(), options);
  require(!options.out.empty(), "out", options.out, "a folder for the dataset");
  require(options.channels != 2, "channels", options.channels, "0, 1 or 3");
  require(options.test_share >= 0 && options.test_share < 1, "test-share", options.test_share, "from 0 to less than 1");
}

}  // namespace app
}  // namespace duel
