// Configuration files of `mnist_gan train`: settings that are taken are written and read back.
#include "app/settings/config_file.h"

#include "app/errors/exit_code.h"
#include "app/settings/commands.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"

namespace duel::fuzz {
namespace {

app::TrainOptions options_of(const std::string& text) {
  const MemoryFile file(text);
  return app::parse_command_line(app::mnist_gan(), {"train", "--config", file.path().string()}, {})
      .as<app::TrainOptions>();
}

}  // namespace

void read_config_file(Input input) {
  app::TrainOptions options;
  try {
    app::parse_config(as_text(input), "input");  // refuses most inputs, and takes far less time than what follows
    options = options_of(as_text(input));
  } catch (const app::UsageError&) {
    return;
  }
  try {
    if (options_of(app::to_config_file(options)) != options) broken_promise("settings change when written and read");
  } catch (const app::UsageError& error) {
    broken_promise(std::string("the settings' own file is refused: ") + error.what());
  }
}

std::vector<std::string> config_file_seeds() {
  std::vector<std::string> seeds;
  for (const char* preset : {"default", "blog", "paper", "wgan", "wgan_gp"}) {
    seeds.push_back(app::to_config_file(
        app::parse_command_line(app::mnist_gan(), {"train", "--preset", preset}, {}).as<app::TrainOptions>()));
  }
  return seeds;
}

}  // namespace duel::fuzz
