// Datasets that the program downloads.
#pragma once

#include <vector>

#include "app/settings/downloads.h"

namespace duel::app {

std::vector<Download> mnist_downloads();

}  // namespace duel::app
