#include "app/runs/run_table.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "app/report/html.h"
#include "app/report/progress.h"
#include "engine/io/json_text.h"
#include "engine/measure/rows_csv.h"
#include "engine/measure/table.h"
#include "files/path_text.h"
#include "files/text.h"

namespace duel::app {
namespace {

/// A column for people. Of two, the one with the smaller rank stays longer.
struct ShownColumn {
  Column column;
  int rank;
  std::function<std::string(const RunSummary&)> text;
};

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : excerpt(text);
}

std::string whole(double value) {
  return std::isfinite(value) ? whole_number(value) : "-";
}

std::string state_text(const RunSummary& run) {
  const bool is_early = run.state != "finished" && run.iterations < run.goal && run.goal > 0;
  const std::string share = is_early ? " " + std::to_string(std::lround(100 * run.iterations / run.goal)) + " %" : "";
  return or_dash(run.state) + share + (run.is_alarmed && run.state != "collapsed" ? ", collapsed" : "");
}

const std::vector<ShownColumn>& shown_columns() {
  using Kind = Column::Kind;
  static const std::vector<ShownColumn> columns = {
      {{"run", Kind::text}, 0, [](const RunSummary& run) { return excerpt(run.name, PATH_MAX); }},
      {{"state", Kind::text}, 1, state_text},
      {{"epochs", Kind::number}, 2, [](const RunSummary& run) { return whole(run.epochs); }},
      {{"D loss", Kind::number}, 3, [](const RunSummary& run) { return number_text(run.d_loss, 3); }},
      {{"G loss", Kind::number}, 4, [](const RunSummary& run) { return number_text(run.g_loss, 3); }},
      {{"diversity", Kind::number}, 5, [](const RunSummary& run) { return number_text(run.diversity, 2); }},
      {{"classes", Kind::number},
       8,
       [](const RunSummary& run) {
         return std::isfinite(run.classes) ? whole(run.classes) + "/" + whole(run.all_classes) : "-";
       }},
      {{"FD", Kind::number}, 9, [](const RunSummary& run) { return number_text(run.frechet, 2); }},
      {{"time", Kind::number},
       10,
       [](const RunSummary& run) { return std::isfinite(run.seconds) ? format_duration(run.seconds) : "-"; }},
      {{"images/s", Kind::number},
       11,
       [](const RunSummary& run) {
         return std::isfinite(run.images_per_second) ? format_count(run.images_per_second) : "-";
       }},
      {{"preset", Kind::text}, 6, [](const RunSummary& run) { return or_dash(run.preset); }},
      {{"data", Kind::text}, 7, [](const RunSummary& run) { return or_dash(run.data); }},
      {{"begun", Kind::text}, 12, [](const RunSummary& run) { return or_dash(run.begun); }},
  };
  return columns;
}

/// With the columns of rank below `ranks`.
std::string table_text(const std::vector<RunSummary>& runs, int ranks) {
  std::vector<Column> columns;
  for (const ShownColumn& shown : shown_columns()) {
    if (shown.rank < ranks) columns.push_back(shown.column);
  }
  Table table(columns);
  for (const RunSummary& run : runs) {
    std::vector<std::string> cells;
    for (const ShownColumn& shown : shown_columns()) {
      if (shown.rank < ranks) cells.push_back(shown.text(run));
    }
    table.add(cells);
  }
  return table.text(SIZE_MAX);
}

using OrderedJson = nlohmann::ordered_json;

OrderedJson number_json(double value) {
  if (!std::isfinite(value)) return {};
  return value == std::floor(value) && std::abs(value) < 1e15 ? OrderedJson(static_cast<std::int64_t>(value))
                                                              : OrderedJson(value);
}

OrderedJson text_json(const std::string& text) {
  return text.empty() ? OrderedJson() : OrderedJson(text);
}

}  // namespace

OrderedJson row_json(const RunSummary& run) {
  return {{"run", run.name},
          {"folder", path_text(run.folder)},
          {"state", text_json(run.state)},
          {"preset", text_json(run.preset)},
          {"data", text_json(run.data)},
          {"begun", text_json(run.begun)},
          {"iterations", number_json(run.iterations)},
          {"goal", number_json(run.goal)},
          {"epochs", number_json(run.epochs)},
          {"d_loss", number_json(run.d_loss)},
          {"g_loss", number_json(run.g_loss)},
          {"diversity", number_json(run.diversity)},
          {"classes", number_json(run.classes)},
          {"all_classes", number_json(run.all_classes)},
          {"alarm", run.is_alarmed},
          {"frechet_distance", number_json(run.frechet)},
          {"seconds", number_json(run.seconds)},
          {"images_per_second", number_json(run.images_per_second)}};
}

std::size_t longest_line(const std::string& text) {
  std::size_t widest = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    widest = std::max(widest, columns_in(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  return widest;
}

std::string runs_text(const std::vector<RunSummary>& runs, std::size_t width) {
  int ranks = static_cast<int>(shown_columns().size());
  std::string text = table_text(runs, ranks);
  while (ranks > 1 && longest_line(text) > width) text = table_text(runs, --ranks);
  return text;
}

std::string runs_csv(const std::vector<RunSummary>& runs) {
  std::vector<OrderedJson> rows;
  for (const RunSummary& run : runs) rows.push_back(row_json(run));
  return rows_csv(row_json({}), rows);
}

std::string runs_json(const std::vector<RunSummary>& runs) {
  OrderedJson json = OrderedJson::array();
  for (const RunSummary& run : runs) json.push_back(row_json(run));
  return json_text(json, 2) + "\n";
}

}  // namespace duel::app
