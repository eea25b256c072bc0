// One list of settings serves flags, environment variables, configuration files and the help.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "apps/mnist_gan/options.h"

namespace duel::app {

/// One setting of a command. Its name "batch-size" is the flag --batch-size, the variable MNIST_GAN_BATCH_SIZE and the
/// key batch-size of a configuration file; '_' counts as '-' everywhere.
template <class Options>
struct Setting {
  std::string name;
  std::string placeholder;  ///< of its value in the help; "" for a switch
  std::string help;
  std::string group;
  std::function<void(Options&, const std::string& text)> set;  ///< throws std::invalid_argument: expected, found
  std::function<std::string(const Options&)> get;              ///< as a value in a configuration file
  std::vector<std::string> aliases = {};
  bool in_file = true;  ///< false: asks for something once, so neither read from files nor written to them
};

const std::vector<Setting<TrainOptions>>& train_settings();
const std::vector<Setting<SampleOptions>>& sample_settings();

// Text to value; each throws std::invalid_argument "expected ..., found '...'".
void parse_value(const std::string& text, int& value);
void parse_value(const std::string& text, std::int64_t& value);
void parse_value(const std::string& text, std::uint64_t& value);
void parse_value(const std::string& text, float& value);
void parse_value(const std::string& text, double& value);
void parse_value(const std::string& text, bool& value);
void parse_value(const std::string& text, std::string& value);
void parse_value(const std::string& text, std::vector<int>& value);
void parse_value(const std::string& text, GeneratorLoss& value);
void parse_value(const std::string& text, UpdateOrder& value);
void parse_value(const std::string& text, BceForm& value);
void parse_value(const std::string& text, BatchStatistics& value);

// Value to text, as a configuration file has it.
std::string format_value(int value);
std::string format_value(std::int64_t value);
std::string format_value(std::uint64_t value);
std::string format_value(float value);
std::string format_value(double value);
std::string format_value(bool value);
std::string format_value(const std::string& value);
std::string format_value(const std::vector<int>& value);
std::string format_value(GeneratorLoss value);
std::string format_value(UpdateOrder value);
std::string format_value(BceForm value);
std::string format_value(BatchStatistics value);

}  // namespace duel::app
