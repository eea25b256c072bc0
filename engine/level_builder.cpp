#include "engine/level_builder.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "kernels/runtime/range.h"

namespace duel {
namespace {

// Puts the part where the level has room for it.
bool put(FusedLevel& level, const FusedGradient<float>& part) {
  if (level.gradient.weight) return false;
  level.gradient = part;
  return true;
}
bool put(FusedLevel& level, const FusedHead<float>& part) {
  if (level.head.input) return false;
  level.head = part;
  return true;
}
bool put(FusedLevel& level, const FusedLosses<float>& part) {
  if (level.losses.probability) return false;
  level.losses = part;
  return true;
}
bool put(FusedLevel& level, const FusedScale<float>& part) {
  const auto free =
      std::find_if(std::begin(level.scales), std::end(level.scales), [](const auto& s) { return !s.gradient; });
  if (free == std::end(level.scales)) return false;
  *free = part;
  return true;
}
bool put(FusedLevel& level, const FusedUpdate<float>& part) {
  const auto free =
      std::find_if(std::begin(level.updates), std::end(level.updates), [](const auto& u) { return !u.d_linear; });
  if (free == std::end(level.updates)) return false;
  *free = part;
  return true;
}

}  // namespace

template <class Part>
void LevelBuilder::place(const LevelVariant& variant, const Part& part) {
  for (Kernel& kernel : levels_) {
    if (kernel.variant == &variant && put(kernel.level, part)) return;
  }
  levels_.push_back({&variant, {}});
  put(levels_.back().level, part);
}

template <class Part>
void LevelBuilder::add(const Op<Part>& op, const Part& part, const std::string& label) {
  op.validate(part);
  label_ += (label_.empty() ? "" : "; ") + label;
  const Variant<Part> chosen = kernels_.select(op, part);
  for (const LevelVariant& variant : kLevelVariants) {
    if (std::string_view(variant.name) == chosen.name) return place(variant, part);
  }
  alone_.push_back([&op, chosen, part](StreamView stream) { duel::enqueue(op, chosen, part, stream); });
}

void LevelBuilder::add(const FusedGradient<float>& part, const std::string& label) {
  add(fused_gradient_op(), part, label);
}
void LevelBuilder::add(const FusedHead<float>& part, const std::string& label) {
  add(fused_head_op(), part, label);
}
void LevelBuilder::add(const FusedLosses<float>& part, const std::string& label) {
  add(fused_losses_op(), part, label);
}
void LevelBuilder::add(const FusedScale<float>& part, const std::string& label) {
  add(fused_scale_op(), part, label);
}
void LevelBuilder::add(const FusedUpdate<float>& part, const std::string& label) {
  add(fused_update_op(), part, label);
}

void LevelBuilder::enqueue(StreamView stream) const {
  if (label_.empty()) return;
  const Range range(label_);
  for (const Kernel& kernel : levels_) kernel.variant->launch(kernel.level, stream);
  for (const auto& launch : alone_) launch(stream);
}

}  // namespace duel
