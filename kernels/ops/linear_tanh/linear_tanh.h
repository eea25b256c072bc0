// y = tanh(x Wᵀ + b) in [-1, 1], the generator's head, and its gradients.
// Source: torch.nn.Linear followed by torch.nn.Tanh.
#pragma once

#include "kernels/linear/contract.h"

namespace duel {

struct Tanh;

template <class T>
using LinearTanhForward = ActivatedForward<Tanh, T>;
template <class T>
using LinearTanhBackward = ActivatedBackward<Tanh, T>;

const Op<LinearTanhForward<float>>& linear_tanh_forward_op();
const Op<LinearTanhBackward<float>>& linear_tanh_backward_op();

/// The same in double precision, on host memory.
void linear_tanh_forward_reference(const LinearTanhForward<double>& arguments);
void linear_tanh_backward_reference(const LinearTanhBackward<double>& arguments);

}  // namespace duel
