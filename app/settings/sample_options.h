// `sample`: pictures from a checkpoint.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/settings/options.h"
#include "app/settings/sources.h"
#include "engine/configuration/enum_names.h"
#include "engine/measure/result_output.h"

namespace duel::app {

/// Seeds of single images, as the command line has them: "1,5,10-20".
struct SeedList {
  std::string text;
  std::vector<std::uint64_t> seeds;
};
void parse_value(const std::string& text, SeedList& value);
std::string format_value(const SeedList& value);

/// Of what is drawn: pictures, or all values as an array of NumPy.
enum class ImageFormat { png, npy };
EnumNames<ImageFormat> names_of(ImageFormat);

struct SampleOptions : GeneratorOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<SampleOptions>>& settings();

  int count = 0;                  ///< 0: 64, or more for a row of each class
  SeedList seeds;                 ///< an image for each; none: `count` of the one seed
  std::filesystem::path latents;  ///< .npy file of latents to draw; "": from seeds
  double truncation = 1;          ///< factor of the latents: below 1, nearer to their mean
  ImageFormat format = ImageFormat::png;
  int columns = 8;
  bool individual = false;
  bool nearest = false;                             ///< also beside the training images that are nearest to them
  ResultFormat table_format = ResultFormat::table;  ///< of the distances to those
  std::filesystem::path data;                       ///< folder of those; "": search
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const SampleOptions& options);
/// Throws SettingError for an option of the command line that another one makes idle.
void check_together(const SampleOptions& options, const Sources& sources);

}  // namespace duel::app
