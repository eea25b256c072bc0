// The discriminator's hidden layers within a pass, one sample per column, as tasks: LeakyReLU or maxout, and dropout.
#pragma once

#include "engine/networks/dropout_masks.h"
#include "engine/networks/fused_activations.h"
#include "engine/networks/network_state.h"
#include "engine/tasks/task_list.h"
#include "kernels/activations/activations.h"

namespace duel {

class FusedDiscriminator {
 public:
  /// `activations`: of a pass with `real` real images, which come before the generated ones.
  FusedDiscriminator(const NetworkConfig& networks, const NetworkLayout& layout, const NetworkState& state,
                     const FusedActivations& activations, int real, const DropoutMasks& masks, TaskList& list)
      : networks_(networks),
        layout_(layout),
        state_(state),
        activations_(activations),
        real_(real),
        masks_(masks),
        list_(list) {}

  /// What the layer reads: what dropout leaves.
  Matrix<const float> input(std::size_t layer) const;
  /// Of the head, [in].
  Vector<const float> head_weight() const;

  /// All of them; where there is memory for it, the last one leaves its unit gradient.
  void forward();
  /// Their chain down to the first layer.
  void unit_gradients();
  /// Of the generator's loss, through the first layer and the activation of the images.
  void gradient_of_images(Activation of_images);
  /// The gradients of the layers in the discriminator's loss.
  void scale_unit_gradients();

 private:
  const std::vector<LayerSlots>& layers() const { return layout_.layers; }
  LinearViews linear(std::size_t layer) const { return linear_views(state_, layers()[layer]); }
  bool has_maxout() const { return networks_.discriminator_unit == DiscriminatorUnit::maxout; }
  float slope() const;
  bool leaves_unit_gradient(std::size_t layer) const;
  void forward_unit(std::size_t layer);
  void backward_unit(std::size_t layer);
  /// Dropout before the layer, of samples from `first` of the pass on.
  void drop(std::size_t layer, Matrix<const float> from, Matrix<float> to, int first = 0);

  const NetworkConfig& networks_;
  const NetworkLayout& layout_;
  NetworkState state_;
  const FusedActivations& activations_;
  int real_;
  DropoutMasks masks_;
  TaskList& list_;
};

}  // namespace duel
