// Sample pictures over time, within the page.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/report/page_form.h"
#include "app/report/run_record.h"

namespace duel::app {

/// At most `most` of the indices 0 to count - 1, evenly spaced, the first and the last among them (of one, the last).
std::vector<std::size_t> evenly_chosen(std::size_t count, std::size_t most);

/// A picture as an element that holds it, each of its pixels a whole number of the page's; "" where the file cannot be
/// read. `text`: what it shows.
std::string embedded_picture(const std::filesystem::path& file, const std::string& text);

/// The run's sample pictures with a slider, and its real images beside them: at most 40 pictures. In a file they are
/// embedded, about 3 MB of them; a live page asks for them as samples/000400.png and reals.png. "" where there is none.
std::string gallery_html(const RunRecord& run, PageForm form);

}  // namespace duel::app
