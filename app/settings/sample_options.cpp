#include "app/settings/sample_options.h"

#include <stdexcept>

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"
#include "files/number_text.h"

namespace duel::app {

namespace {

/// "5" or "10-20", both included. Throws std::invalid_argument.
void add_seeds(const std::string& text, std::vector<std::uint64_t>& seeds) {
  const std::size_t dash = text.find('-');
  const auto first = read_number<std::uint64_t>(text.substr(0, dash));
  const auto last = dash == std::string::npos ? first : read_number<std::uint64_t>(text.substr(dash + 1));
  if (!first || !last || *first > *last) {
    throw std::invalid_argument("expected seeds and ranges, such as 1,5,10-20, found " + in_quotes(text));
  }
  if (*last - *first >= kMostImages - seeds.size()) {
    throw std::invalid_argument("expected at most " + std::to_string(kMostImages) + " seeds, found more");
  }
  for (std::uint64_t i = 0; i <= *last - *first; ++i) seeds.push_back(*first + i);
}

}  // namespace

void parse_value(const std::string& text, SeedList& value) {
  value = {};
  for (const std::string& part : split_list(text)) {
    add_seeds(part, value.seeds);
    value.text += (value.text.empty() ? "" : ",") + part;
  }
}

std::string format_value(const SeedList& value) {
  return format_value(value.text);
}

EnumNames<ImageFormat> names_of(ImageFormat) {
  static constexpr EnumName<ImageFormat> kNames[] = {{ImageFormat::png, "png"}, {ImageFormat::npy, "npy"}};
  return kNames;
}

const CommandText SampleOptions::kCommand = {
    "sample", "Draw images from a checkpoint.",
    "Examples:\n"
    "  {program} sample --checkpoint latest --count 100\n"
    "  {program} sample --checkpoint latest --seeds 1,5,10-20 --truncation 0.7 --individual\n"
    "  {program} sample --checkpoint latest --latents z.npy --format npy\n"
    "  {program} sample --checkpoint latest --class 7 --count 100          of a run that was trained --conditional",
    "; a smaller --count needs less"};

template <class Visitor, OptionsOf<SampleOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Samples");
  visit_generator(visit, options);
  visit({"count", "N", "images; 0: 64, of a conditional generator enough for a row of each class"}, options.count,
        {0, kMostImages});
  visit({"columns", "N", "of the grid"}, options.columns, {1, kMostImages});
  visit({.name = "seeds",
         .placeholder = "LIST",
         .help = "an image for each of these seeds, such as 1,5,10-20, instead of --seed and --count",
         .place = Place::flag},
        options.seeds);
  visit({"latents", "FILE.npy", "draw these latents, an array [images, latent-dim] of NumPy, instead of seeds"},
        options.latents);
  visit({"truncation", "PSI", "multiply the latents: below 1, images are more alike and often better"},
        options.truncation);
  visit({"format", "FORMAT", "png: a grid; npy: an array of NumPy, float32 [images, channels, height, width]"},
        options.format);
  visit({"individual", "", "also write every image as a file of its own"}, options.individual);

  visit.group("Nearest training images");
  visit({"nearest", "", "also each image beside the training image nearest to it, with their distance"},
        options.nearest);
  visit({"table-format", "FORMAT", "how to print the distances: table, json or csv"}, options.table_format);
  visit({"data", "DIR", "folder with the training images; left out: search the usual places"}, options.data);

  visit_device(visit, options);
}

const std::vector<Setting<SampleOptions>>& SampleOptions::settings() {
  return collected_settings<SampleOptions>();
}

void validate_options(const SampleOptions& options) {
  check_ranges(SampleOptions::settings(), options);
  check_generator(options);
  require(options.truncation >= 0 && options.truncation <= 10, "truncation", options.truncation, "0 to 10");
  require(options.seeds.seeds.empty() || options.latents.empty(), "seeds", options.seeds, "none with --latents");
}

void check_together(const SampleOptions& options, const Sources& sources) {
  const auto require_none = [&](bool is_idle, const char* name, const auto& value, const std::string& beside) {
    require(!is_idle || !is_flag(sources, name), name, value, "none with " + beside);
  };
  const std::string drawn = options.latents.empty() ? "--seeds" : "--latents";
  const bool has_own = !options.latents.empty() || !options.seeds.seeds.empty();
  require_none(has_own, "seed", options.seed, drawn);
  require_none(has_own, "count", options.count, drawn);
  const bool has_no_picture = options.format == ImageFormat::npy && !options.nearest;
  require_none(has_no_picture, "columns", options.columns, "--format npy");
  require_none(has_no_picture, "scale", options.scale, "--format npy");
  require_none(has_no_picture, "range", options.range, "--format npy");
  require(options.nearest || !is_flag(sources, "table-format"), "table-format", options.table_format,
          "--nearest beside it");
}

}  // namespace duel::app
