// Games by name: what players play for, whatever their networks, their optimizer and the order of their updates. A
// configuration has no game, but what one consists of: its loss, and how D is held.
#pragma once

#include <string>

#include "engine/configuration/config.h"
#include "engine/configuration/enum_names.h"

namespace duel {

struct Game {
  const char* name;
  const char* source;
  LossKind loss;
  double weight_clip = 0;
  double gradient_penalty = 0;
};

/// All of them: settings, help and comparisons follow from this list. What is played where a game is chosen is said in
/// docs/training-step.md.
inline constexpr Game kGames[] = {
    {"gan", "Goodfellow et al. 2014", loss_kind<CrossEntropy>()},
    {"lsgan", "Mao et al. 2017", loss_kind<LeastSquares>()},
    {"hinge", "Lim and Ye 2017", loss_kind<Hinge>()},
    {"wgan", "Arjovsky et al. 2017", loss_kind<Wasserstein>(), 0.01},
    {"wgan_gp", "Gulrajani et al. 2017", loss_kind<Wasserstein>(), 0, 10},
};

/// Which, as its place in the list.
enum class GameKind : int { as_it_is = -1 };

EnumNames<GameKind> names_of(GameKind);  ///< as_it_is: "preset"

/// The same configuration, playing the game: all that a game consists of is as the list has it. Either form of the
/// cross-entropy stays, a label of real images only where the loss takes one, and batch norm of D but for a critic.
TrainingConfig playing(GameKind game, TrainingConfig config);

}  // namespace duel
