#include "app/report/gallery.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "app/report/html.h"
#include "files/regular_file.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPictures = 40, kMostBytes = 3'000'000;

constexpr int kShownWidth = 484;  // pixels of the page that a picture may take

constexpr std::size_t kHeaderBytes = 24;  // of a PNG file, up to the end of its sizes

/// The width that the header of a PNG file says; 0 where there is none.
int width_of(std::string_view png) {
  constexpr std::size_t kWidthAt = 16;
  if (!png.starts_with("\x89PNG\r\n\x1a\n") || png.size() < kHeaderBytes) return 0;
  std::uint32_t width = 0;
  for (std::size_t i = 0; i < 4; ++i) width = width << 8 | static_cast<unsigned char>(png[kWidthAt + i]);
  return static_cast<int>(std::min<std::uint32_t>(width, 1'000'000));
}

/// As much of a picture's file as the page needs: a live one gets the picture itself from elsewhere.
std::string bytes_for(const fs::path& file, PageForm form) {
  if (form == PageForm::live) return beginning_of_regular_file(file, kHeaderBytes).value_or("");
  return read_regular_file(file).value_or("");
}

/// Where a page gets a picture from. The address on a live page changes with the file.
std::string source_of(const fs::path& file, const std::string& png, PageForm form, const std::string& folder) {
  if (form == PageForm::file) return "data:image/png;base64," + base64(png);
  std::error_code error;
  const auto time = fs::last_write_time(file, error).time_since_epoch().count();
  return folder + file.filename().string() + "?" + std::to_string(error ? 0 : time);
}

/// Each of its pixels is a whole number of the page's, so that all look alike.
std::string image(const std::string& png, const std::string& source, const std::string& text, const char* style) {
  const int width = width_of(png);
  const std::string size =
      width > 0 ? " width=\"" + std::to_string(width * std::max(1, kShownWidth / width)) + "\"" : "";
  return std::string("<img class=\"") + style + "\"" + " alt=\"" + escape_html(text) + "\" src=\"" +
         escape_html(source) + "\"" + size + "/>";
}

std::string after(std::int64_t iterations) {
  return "after " + whole_number(static_cast<double>(iterations)) + (iterations == 1 ? " iteration" : " iterations");
}

/// As many pictures as the page has room for, going by the size of the last one, which is about that of the largest.
std::size_t most_pictures(const RunRecord& run, PageForm form) {
  if (form == PageForm::live) return kMostPictures;
  std::error_code error;
  const auto bytes = fs::file_size(run.samples.back().second, error);
  return error ? kMostPictures : std::clamp<std::size_t>(kMostBytes / (bytes + 1), 1, kMostPictures);
}

}  // namespace

std::vector<std::size_t> evenly_chosen(std::size_t count, std::size_t most) {
  if (count == 0 || most == 0) return {};
  if (most == 1) return {count - 1};
  const std::size_t chosen = std::min(count, most);
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < chosen; ++i) indices.push_back(chosen == 1 ? 0 : i * (count - 1) / (chosen - 1));
  return indices;
}

std::string embedded_picture(const fs::path& file, const std::string& text) {
  const std::string png = bytes_for(file, PageForm::file);
  return png.empty() ? "" : image(png, source_of(file, png, PageForm::file, ""), text, "shown");
}

/// Of a conditional training: what rows and columns of its pictures are.
std::string about_classes(const RunRecord& run) {
  if (run.setting("conditional") != "true" || run.class_names.empty()) return "";
  std::string names;
  for (const std::string& name : run.class_names) names += (names.empty() ? "" : ", ") + name;
  return "<p class=\"note\">A row for each class: " + escape_html(names) + ". A column has one latent.</p>";
}

std::string gallery_html(const RunRecord& run, PageForm form) {
  std::string pictures, last;
  std::size_t count = 0;
  const auto chosen =
      run.samples.empty() ? std::vector<std::size_t>() : evenly_chosen(run.samples.size(), most_pictures(run, form));
  for (const std::size_t i : chosen) {
    const std::string png = bytes_for(run.samples[i].second, form);
    if (png.empty()) continue;
    last = after(run.samples[i].first);
    const std::string source = source_of(run.samples[i].second, png, form, "samples/");
    pictures += image(png, source, last, i == chosen.back() ? "shown" : "hidden") + "\n";
    ++count;
  }
  if (count == 0) return "";
  const std::string most = std::to_string(count - 1);
  std::string html =
      "<section class=\"card gallery\"><div class=\"samples\"><h3>Samples, always of the same latents</h3>"
      "<div id=\"pictures\">\n" +
      pictures + "</div><p class=\"controls\">";
  if (count > 1) {
    html += "<button id=\"play\" type=\"button\">Play</button><input id=\"slider\" type=\"range\" min=\"0\" max=\"" +
            most + "\" value=\"" + most + "\" aria-label=\"Which picture\"/>";
  }
  html += "<output id=\"caption\">" + last + "</output></p>" + about_classes(run) + "</div>";
  if (const std::string reals = bytes_for(run.reals, form); !reals.empty()) {
    html += "<div class=\"reals\"><h3>Real images</h3>" +
            image(reals, source_of(run.reals, reals, form, ""), "real images", "shown") + "</div>";
  }
  return html + "</section>\n";
}

}  // namespace duel::app
