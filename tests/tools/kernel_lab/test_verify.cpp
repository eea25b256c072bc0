#include "tools/kernel_lab/verify.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/catch.h"
#include "tests/tools/kernel_lab/lab_test.h"
#include "tests/tools/kernel_resources/temporary_folder.h"

namespace duel::lab {
namespace {

constexpr const char* kSmallCase = "33 x 65 -> 31, under a head";  // part of the names of three

VerifyRunOptions small_verify() {
  VerifyRunOptions options;
  options.filter.ops = {"linear_forward"};
  options.filter.case_text = kSmallCase;
  return options;
}

TEST_CASE("verify: right variants pass, counted over cases, seeds and schedules") {
  VerifyRunOptions options = small_verify();
  options.seeds = 2;
  options.output.format = Format::json;
  const Lab lab = open_lab({});
  std::ostringstream out, err;
  CHECK(run_verify(options, lab, out, err) == kAllWell);
  CHECK(err.str().empty());
  const auto json = nlohmann::json::parse(out.str());
  CHECK(json.at("failures").empty());
  const std::size_t executions = verify::executions(verify::HowMany::some, 1).size();
  std::size_t rows = 0;
  for (const auto& row : json.at("variants")) {
    ++rows;
    CHECK(row.at("cases") == 6);
    CHECK(row.at("executions") == 6 * executions);
    CHECK(row.at("failed") == 0);
    CHECK(row.at("seconds").get<double>() > 0);
  }
  CHECK(rows == op_named(lab, "linear_forward").variants(lab.kernels).size());
}

TEST_CASE("verify: the command line reaches it, and the table tells the verdict") {
  const Ran ran = run_kernel_lab({"verify", "--op", "end_iteration", "--seed", "7", "--schedules", "all"});
  CHECK(ran.code == 0);
  CHECK(contains(ran.out, "end_iteration"));
  CHECK(contains(ran.out, "passed"));
  CHECK(contains(ran.out, "1 variants, 0 failed"));
  CHECK(ran.err.empty());
}

TEST_CASE("verify: the shapes of training can be left out") {
  const auto cases = [](std::vector<std::string> more) {
    std::vector<std::string> words = {"verify", "--op", "end_iteration", "--format", "json"};
    words.insert(words.end(), more.begin(), more.end());
    return nlohmann::json::parse(run_kernel_lab(words).out).at("variants").at(0).at("cases").get<std::size_t>();
  };
  const Lab lab = open_lab({});
  std::size_t all = 0, of_training = 0;
  for (const auto& op : lab.ops) {
    if (op->name() != "end_iteration") continue;
    for (const auto& one : op->cases()) {
      ++all;
      of_training += one.of_training;
    }
  }
  REQUIRE((of_training > 0 && of_training < all));
  CHECK(cases({}) == all);
  CHECK(cases({"--no-training-shapes"}) == all - of_training);
}

TEST_CASE("verify: a wrong variant is named, with case, seed and a command that fails again") {
  VerifyRunOptions options = small_verify();
  options.seed = 41;
  const Lab lab = lab_with_wrong_variant();
  std::ostringstream out, err;
  CHECK(run_verify(options, lab, out, err) == kFoundWrong);
  const std::string text = out.str();
  INFO(text);
  CHECK(contains(text, "FAILED in 3"));
  CHECK(contains(
      text,
      "FAILED: linear_forward, variant first_element_lost, case \"33 x 65 -> 31, under a head, 1 elements off\""
      ", seed 41\n"));
  CHECK(contains(text, "output[0, 0] is 0, expected"));
  CHECK(contains(text,
                 "kernel_lab verify --op linear_forward --variant first_element_lost --case "
                 "\"33 x 65 -> 31, under a head, 1 elements off\" --seed 41\n"));
  CHECK(contains(text, ", 1 failed;"));
  CHECK_FALSE(contains(text, "FAILED: linear_forward, variant shared_memory_tiles"));
  CHECK_FALSE(contains(text, "cannot be used"));
#ifdef DUEL_CPU_DEVICE
  CHECK(contains(text, "1 threads, forward:"));
#endif
}

TEST_CASE("verify: only the failing seed is reported, and fails alone too") {
  // Right for every value but those of seed 5, by a value that only they have.
  static float needle;
  Lab lab = open_lab({});
  const std::size_t number = choose(lab, small_verify().filter).at(0).cases.at(0);
  needle = std::numeric_limits<float>::quiet_NaN();
  lab.kernels.add(linear_forward_op(),
                  {"wrong_for_one_seed", "", supports_any_device, [](const LinearForward<float>& a, StreamView stream) {
                     KernelSelection().run(linear_forward_op(), a, stream);
                     float first = 0;
                     check(cudaMemcpyAsync(&first, a.input.data, sizeof first, cudaMemcpyDeviceToHost, stream.get()));
                     stream.synchronize();
                     if (first == needle) check(cudaMemsetAsync(a.output.data, 0, sizeof first, stream.get()));
                   }});
  verify::HostTensors host(5);
  needle = static_cast<float>(host.uniform(1, 1, -1, 1).data[0]);  // the first value that a case draws
  VerifyRunOptions options = small_verify();
  options.filter.variants = {"wrong_for_one_seed"};
  options.filter.case_text = op_named(lab, "linear_forward").cases().at(number).name;
  options.seed = 4;
  options.seeds = 3;
  options.output.format = Format::json;
  const auto failures = [&] {
    std::ostringstream out, err;
    run_verify(options, lab, out, err);
    return nlohmann::json::parse(out.str()).at("failures");
  };
  const auto of_three = failures();
  REQUIRE(of_three.size() == 1);
  CHECK(of_three[0].at("seed") == 5);
  options.seed = 5;
  options.seeds = 1;
  const auto alone = failures();
  REQUIRE(alone.size() == 1);
  CHECK(alone[0].at("text") == of_three[0].at("text"));
}

TEST_CASE("verify: nothing that matches is a failure") {
  VerifyRunOptions options = small_verify();
  options.filter.case_text = "no such case";
  std::ostringstream out, err;
  CHECK(run_verify(options, open_lab({}), out, err) == kFoundWrong);
  CHECK(contains(out.str(), "Nothing was verified"));
}

TEST_CASE("LabOp: an expectation serves every variant, as verify() does one") {
  const Lab lab = lab_with_wrong_variant();
  const Choice choice = choose(lab, small_verify().filter).at(0);
  const std::size_t number = choice.cases.at(0);
  const auto expectation = choice.op->expect(number, 3);
  for (const VariantInfo& variant : choice.variants) {
    const std::string wrong = expectation->verify(lab.kernels, variant.name, verify::HowMany::some);
    CHECK(wrong.empty() == (variant.name != "first_element_lost"));
    CHECK(choice.op->verify(lab.kernels, variant.name, number, {.seed = 3}) == wrong);
  }
}

}  // namespace
}  // namespace duel::lab
