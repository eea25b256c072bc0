// Where values of settings come from.
#pragma once

#include <map>
#include <string>

namespace duel::app {

/// Environment variables by name; only those that begin with the program's name matter (variable_of()).
using Environment = std::map<std::string, std::string>;

/// Who gave a setting, by its name: "--epochs", "MNIST_GAN_EPOCHS", "run.toml:3: n_epochs".
using Sources = std::map<std::string, std::string>;

}  // namespace duel::app
