// y = 1 / (1 + e^-(x Wᵀ + b)) in [0, 1], the head of a generator whose pixels lie there, and its gradients.
// Source: torch.nn.Linear followed by torch.nn.Sigmoid.
#pragma once

#include "kernels/linear/contract.h"

namespace duel {

struct Sigmoid;

template <class T>
using LinearSigmoidForward = ActivatedForward<Sigmoid, T>;
template <class T>
using LinearSigmoidBackward = ActivatedBackward<Sigmoid, T>;

const Op<LinearSigmoidForward<float>>& linear_sigmoid_forward_op();
const Op<LinearSigmoidBackward<float>>& linear_sigmoid_backward_op();

/// The same in double precision, on host memory.
void linear_sigmoid_forward_reference(const LinearSigmoidForward<double>& arguments);
void linear_sigmoid_backward_reference(const LinearSigmoidBackward<double>& arguments);

}  // namespace duel
