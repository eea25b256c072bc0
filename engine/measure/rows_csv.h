// JSON objects as the rows of a table for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace duel {

/// CSV as Table::csv() writes it: the names of `row`'s values as the header, then `rows`, which have the same names.
/// Numbers are as JSON has them, and nothing stands where a value is null.
std::string rows_csv(const nlohmann::ordered_json& row, const std::vector<nlohmann::ordered_json>& rows);

}  // namespace duel
