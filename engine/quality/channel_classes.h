// What a classifier of grey images says of a stack (engine/data/image_stack.h): a class is the combination of those of
// its channels, number ((a · n + b) · n + c) of n classes.
#pragma once

#include <vector>

#include "engine/quality/classifier.h"

namespace duel {

/// `of_channels`: of all channels of some images, one after another. Features stand one after another, and the
/// probability of a combination is the product of its channels'. Throws std::invalid_argument where channels are left
/// over.
ClassifierOutput combined_channels(const ClassifierOutput& of_channels, int channels);

/// How frequent combinations are whose channels have these shares, each by itself.
std::vector<double> combined_shares(const std::vector<double>& shares, int channels);

}  // namespace duel
