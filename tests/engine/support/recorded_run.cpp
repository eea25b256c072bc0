#include "tests/engine/support/recorded_run.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "engine/configuration/config_json.h"
#include "tests/engine/support/tensor_values.h"

namespace duel::test {
namespace {

using Json = nlohmann::json;
using Values = std::map<std::string, std::vector<double>>;

RecordedTensors tensors_of(const Json& json) {
  RecordedTensors tensors;
  for (const auto& [name, tensor] : json.items()) {
    RecordedTensor& to = tensors[name];
    to.values = tensor.at("values").get<std::vector<double>>();
    const Json& allowed = tensor.at("allowed");
    if (!allowed.is_null()) to.allowed = {allowed.at(0).get<double>(), allowed.at(1).get<double>()};
  }
  return tensors;
}

RecordedStep step_of(const Json& json) {
  RecordedStep step{json.at("name"), {json.at("latents"), json.at("real_images"), {}, {}}, {}, {}, {}};
  step.batch.real_labels = json.value("real_labels", std::vector<std::uint8_t>());
  step.batch.generated_labels = json.value("generated_labels", std::vector<std::uint8_t>());
  if (json.contains("change")) step.change = json.at("change").get<Values>();
  step.reports = tensors_of(json.at("stats"));
  step.state = tensors_of(json.at("state"));
  return step;
}

/// The networks' tensors, optimizer and counters among what a step has left.
Values state_after(const RecordedStep& step) {
  Values values;
  for (const auto& [name, tensor] : step.state) {
    if (name.starts_with("generator.") || name.starts_with("discriminator.")) values[name] = tensor.values;
  }
  return values;
}

std::vector<double> values_of_any(const TensorFile& file, const std::string& name) {
  const Tensor* tensor = file.find(name);
  if (tensor && tensor->type == DType::i64) return {static_cast<double>(integer_of(file, name))};
  const std::vector<float> values = floats_of(file, name);
  return {values.begin(), values.end()};
}

std::string compare_reports(const IterationStats& actual, const RecordedTensors& expected) {
  return compare_tensor("discriminator loss", {actual.discriminator_loss}, expected.at("discriminator loss")) +
         compare_tensor("generator loss", {actual.generator_loss}, expected.at("generator loss")) +
         compare_tensor("mean D(x)", {actual.d_real}, expected.at("mean D(x)")) +
         compare_tensor("mean D(G(z))", {actual.d_fake}, expected.at("mean D(G(z))"));
}

std::string compare_images(const Trainer& trainer, int rows, const RecordedTensor& expected) {
  const std::vector<float> images = trainer.last_generated(rows).values;
  return compare_tensor("generated_images", {images.begin(), images.end()}, expected);
}

int rows_of(const RecordedStep& step, const TrainingConfig& config) {
  return static_cast<int>(step.batch.latents.size()) / config.networks.latent_dim;
}

std::string compare_step(Trainer& trainer, const RecordedStep& step) {
  std::string wrong = compare_reports(trainer.run_given(step.batch.inputs()), step.reports);
  const TensorFile state = trainer.state(), gradients = trainer.gradients();
  const std::string gradient = "gradients.";
  for (const auto& [name, expected] : step.state) {
    if (name == "generated_images") {
      wrong += compare_images(trainer, rows_of(step, trainer.config()), expected);
      continue;
    }
    const bool is_gradient = name.starts_with(gradient);
    wrong += compare_tensor(
        name, is_gradient ? values_of_any(gradients, name.substr(gradient.size())) : values_of_any(state, name),
        expected);
  }
  return wrong;
}

}  // namespace

RecordedRun read_recorded_run(const std::string& name) {
  const std::string path = DUEL_SOURCE_FOLDER "/tests/engine/fixtures/" + name + ".json";
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  const Json json = Json::parse(file);
  RecordedRun run;
  Json settings = Json::parse(to_json(TrainingConfig{}));
  settings.update(json.at("networks"));
  settings["batch_size"] = json.at("batch_size");
  run.config = config_from_json(settings.dump());
  run.start = json.at("start").get<Values>();
  for (const Json& step : json.at("steps")) run.steps.push_back(step_of(step));
  if (json.contains("whole_run")) run.whole_run = tensors_of(json.at("whole_run"));
  return run;
}

TensorFile with_values(TensorFile state, const Values& values) {
  for (const auto& [name, own] : values) {
    if (tensor_of(state, name).type == DType::i64) {
      set_values(state, name, std::vector{static_cast<std::int64_t>(own.at(0))});
    } else {
      set_values(state, name, std::vector<float>(own.begin(), own.end()));
    }
  }
  return state;
}

std::string compare_tensor(const std::string& name, const std::vector<double>& actual, const RecordedTensor& expected) {
  if (!expected.allowed) return "";
  if (actual.size() != expected.values.size()) return name + ": another size\n";
  double largest = 0, squares = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double error = std::abs(actual[i] - expected.values[i]);
    if (!std::isfinite(error)) return name + ": not finite\n";
    largest = std::max(largest, error);
    squares += error * error;
  }
  const double mean = std::sqrt(squares / static_cast<double>(actual.size()));
  // What is too small for a normal float may be rounded to 0.
  const double underflow = std::numeric_limits<float>::min();
  if (largest <= expected.allowed->largest + underflow && mean <= expected.allowed->root_mean_square + underflow) {
    return "";
  }
  std::ostringstream text;
  text << name << ": error " << largest << ", root mean square " << mean << "; allowed " << expected.allowed->largest
       << " and " << expected.allowed->root_mean_square << "\n";
  return text.str();
}

std::map<std::string, std::string> compare_each_step(const RecordedRun& run, const TrainingConfig& config) {
  Trainer trainer(config, striped_images(config.networks, config.batch_size));
  const TensorFile fresh = with_values(trainer.state(), run.start);
  TensorFile before = fresh;
  std::map<std::string, std::string> wrong;
  for (const RecordedStep& step : run.steps) {
    trainer.load_state(step.change.empty() ? before : with_values(fresh, step.change));
    wrong[step.name] = compare_step(trainer, step);
    before = with_values(fresh, state_after(step));
  }
  return wrong;
}

std::string compare_steps(const RecordedRun& run, const TrainingConfig& config) {
  std::string wrong;
  for (const auto& [step, here] : compare_each_step(run, config)) {
    if (!here.empty()) wrong += step + ":\n" + here;
  }
  return wrong;
}

std::string compare_whole_run(const RecordedRun& run, const TrainingConfig& config) {
  Trainer trainer(config, striped_images(config.networks, config.batch_size));
  trainer.load_state(with_values(trainer.state(), run.start));
  std::map<std::string, std::vector<double>> reports;
  for (const RecordedStep& step : run.steps) {
    const IterationStats now = trainer.run_given(step.batch.inputs());
    reports["discriminator loss"].push_back(now.discriminator_loss);
    reports["generator loss"].push_back(now.generator_loss);
    reports["mean D(x)"].push_back(now.d_real);
    reports["mean D(G(z))"].push_back(now.d_fake);
  }
  std::string wrong = compare_images(trainer, rows_of(run.steps.back(), config), run.whole_run.at("generated_images"));
  for (const auto& [name, values] : reports) wrong += compare_tensor(name, values, run.whole_run.at(name));
  return wrong;
}

}  // namespace duel::test
