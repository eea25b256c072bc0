// A page that draws a generator's images in the browser.
#pragma once

#include <string>
#include <vector>

#include "app/export/exported_network.h"
#include "engine/configuration/config.h"

namespace duel::app {

/// What every such page begins with.
extern const char* const kExplorerBeginning;

struct Explorer {
  std::string title, about;               ///< plain text
  std::string program;                    ///< as one types it
  std::vector<float> directions;          ///< [some, latent_dim]
  std::vector<std::string> classes = {};  ///< names of those that the generator reads
};

/// One page without anything elsewhere. The generator's matrices are in it as floats of 16 bits, each row divided by
/// its largest value, batch norm with its running statistics within them. Throws std::logic_error for modules that it
/// cannot draw with.
std::string explorer_page(const ExportedNetwork& generator, const NetworkConfig& networks, const Explorer& explorer);

}  // namespace duel::app
