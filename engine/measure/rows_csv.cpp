#include "engine/measure/rows_csv.h"

#include "engine/measure/table.h"

namespace duel {

std::string rows_csv(const nlohmann::ordered_json& row, const std::vector<nlohmann::ordered_json>& rows) {
  std::vector<Column> columns;
  for (const auto& [name, value] : row.items()) columns.push_back({name});
  Table table(columns);
  for (const nlohmann::ordered_json& one : rows) {
    std::vector<std::string> cells;
    for (const auto& [name, value] : one.items()) {
      cells.push_back(value.is_null() ? "" : value.is_string() ? value.get<std::string>() : value.dump());
    }
    table.add(cells);
  }
  return table.csv();
}

}  // namespace duel
