// Cases and bounds of softmax_cross_entropy.
#pragma once

#include "kernels/ops/softmax_cross_entropy/softmax_cross_entropy.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

/// What a case asks for: probabilities alone, the loss too, or the gradient as well.
enum class HeadOutputs { probabilities, loss, gradient };

/// Random logits and labels; room for the outputs.
SoftmaxCrossEntropy<double> softmax_case(HostTensors& host, int samples, int classes, HeadOutputs outputs);

Bounds softmax_cross_entropy_bounds(const SoftmaxCrossEntropy<double>& a);

OpCases<SoftmaxCrossEntropy<double>, SoftmaxCrossEntropy<float>> softmax_cross_entropy_cases();

}  // namespace duel::verify
