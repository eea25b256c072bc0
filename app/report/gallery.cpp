#include "app/report/gallery.h"

#include <algorithm>

#include "app/report/html.h"
#include "files/regular_file.h"

namespace duel::app {
namespace {

constexpr std::size_t kMostPictures = 40, kMostBytes = 3'000'000;

std::string image(const std::string& png, const std::string& text, const char* style) {
  return std::string("<img class=\"") + style + "\" alt=\"" + escape_html(text) + "\" src=\"data:image/png;base64," +
         base64(png) + "\"/>";
}

std::string after(std::int64_t iterations) {
  return "after " + std::to_string(iterations) + (iterations == 1 ? " iteration" : " iterations");
}

/// As many pictures as the page has room for, going by the size of the last one, which is about that of the largest.
std::size_t most_pictures(const RunRecord& run) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(run.samples.back().second, error);
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

std::string gallery_html(const RunRecord& run) {
  std::string pictures, last;
  std::size_t count = 0;
  const auto chosen =
      run.samples.empty() ? std::vector<std::size_t>() : evenly_chosen(run.samples.size(), most_pictures(run));
  for (const std::size_t i : chosen) {
    const auto png = read_regular_file(run.samples[i].second);
    if (!png || png->empty()) continue;
    last = after(run.samples[i].first);
    pictures += image(*png, last, i == chosen.back() ? "shown" : "hidden") + "\n";
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
  html += "<output id=\"caption\">" + last + "</output></p></div>";
  if (const auto reals = read_regular_file(run.reals); reals && !reals->empty()) {
    html += "<div class=\"reals\"><h3>Real images</h3>" + image(*reals, "real images", "shown") + "</div>";
  }
  return html + "</section>\n";
}

}  // namespace duel::app
