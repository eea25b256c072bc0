#include "tools/kernel_lab/list.h"

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/catch.h"
#include "tests/tools/kernel_lab/lab_test.h"
#include "tests/tools/kernel_resources/temporary_folder.h"

namespace duel::lab {
namespace {

TEST_CASE("list: every op, variant and idea, within 120 columns") {
  const Ran ran = run_kernel_lab({"list"});
  CHECK(ran.code == 0);
  CHECK(ran.err.empty());
  const Lab lab = open_lab({});
  CHECK(lab.ops.size() >= 12);
  for (const auto& op : lab.ops) {
    CHECK(contains(ran.out, "\n" + op->name() + "\n"));
    for (const VariantInfo& variant : op->variants(lab.kernels)) {
      CHECK(contains(ran.out, "  " + variant.name + " "));
      CHECK(contains(ran.out, variant.idea.substr(0, variant.idea.find(' '))));
    }
  }
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 120);
}

nlohmann::json listed(const Lab& lab) {
  ListOptions options;
  options.output.format = Format::json;
  std::ostringstream out;
  CHECK(run_list(options, lab, out) == kAllWell);
  return nlohmann::json::parse(out.str());
}

TEST_CASE("list: JSON tells which variant each case of training gets") {
  const Lab lab = open_lab({});
  const auto json = listed(lab);
  CHECK(json.at("device") == lab.device.name);
  std::map<std::string, std::size_t> preferred, training;
  for (const auto& row : json.at("variants")) {
    const std::string op = row.at("op");
    preferred[op] += row.at("preferred_for_training_cases").get<std::size_t>();
    training[op] = row.at("training_cases");
    CHECK(row.at("supported_cases").get<std::size_t>() <= row.at("cases").get<std::size_t>());
    CHECK(row.at("from_outside") == false);
  }
  CHECK(preferred == training);
  CHECK(preferred.size() == lab.ops.size());
}

TEST_CASE("list: a variant from outside the table is never preferred") {
  int found = 0;
  const auto json = listed(lab_with_wrong_variant());
  for (const auto& row : json.at("variants")) {
    if (row.at("variant") != "first_element_lost") continue;
    ++found;
    CHECK(row.at("from_outside") == true);
    CHECK(row.at("preferred_for_training_cases") == 0);
    CHECK(row.at("supported_cases") == row.at("cases"));
  }
  CHECK(found == 1);
}

TEST_CASE("list: CSV and filters") {
  const Ran ran = run_kernel_lab({"list", "--format", "csv", "--op", "latent_normal", "--op", "end_iteration"});
  CHECK(ran.code == 0);
  std::istringstream lines(ran.out);
  std::string line;
  std::getline(lines, line);
  CHECK(line == "op,variant,devices,cases here,preferred,idea");
  int rows = 0;
  while (std::getline(lines, line)) {
    CHECK((line.starts_with("latent_normal,") || line.starts_with("end_iteration,")));
    ++rows;
  }
  CHECK(rows >= 2);
}

}  // namespace
}  // namespace duel::lab
