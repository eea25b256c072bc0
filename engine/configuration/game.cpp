#include "engine/configuration/game.h"

#include <array>
#include <iterator>

namespace duel {

EnumNames<GameKind> names_of(GameKind) {
  static constexpr auto kNames = [] {
    std::array<EnumName<GameKind>, std::size(kGames) + 1> entries{};
    entries[0] = {GameKind::as_it_is, "preset"};
    for (std::size_t i = 0; i < std::size(kGames); ++i) entries[i + 1] = {GameKind(i), kGames[i].name};
    return entries;
  }();
  return kNames;
}

TrainingConfig playing(GameKind kind, TrainingConfig config) {
  if (kind == GameKind::as_it_is) return config;
  const Game& game = kGames[static_cast<std::size_t>(kind)];
  const auto is_cross_entropy = [](LossKind loss) { return facts_of(loss).judges_by_probability; };
  if (!is_cross_entropy(game.loss) || !is_cross_entropy(config.loss)) config.loss = game.loss;
  if (!facts_of(config.loss).takes_label) config.real_label = 1;
  NetworkNorm& norm = config.networks.discriminator_norm;
  if (config.loss == loss_kind<Wasserstein>() && norm == NetworkNorm::batch) norm = NetworkNorm::none;
  config.weight_clip = game.weight_clip;
  config.penalty_weights = {};
  config.penalty_weights[penalty_kind<UnitNormPenalty>()] = game.gradient_penalty;
  return config;
}

}  // namespace duel
