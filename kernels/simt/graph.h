// Graphs: nodes recorded by stream capture, replayed with the arguments they were captured with.
#pragma once

#include <cstddef>
#include <vector>

#include "kernels/simt/device.h"

namespace simt {

struct Graph {
  struct Node {
    Action action;
    std::vector<std::size_t> after;  ///< earlier nodes
  };
  std::vector<Node> nodes;

  /// Runs every node after those it depends on; among independent ones, in the order of the schedule in force.
  Fault run() const;

  /// For each node, the nodes that happen before it.
  NodeOrder order() const;
};

/// Gives `action` to the stream: queued, or recorded as a node while the stream is being captured. `lock` held.
/// `nodes`: of a graph.
cudaError_t submit(const std::shared_ptr<CUstream_st>& stream, Action action,
                   std::shared_ptr<const NodeOrder> nodes = nullptr);

/// Ends a capture, whatever became of it: its streams work as before. `lock` held.
void end_capture(const std::shared_ptr<Capture>& capture);

/// cudaSuccess where a call that cannot be captured is allowed now; else invalidates the captures. `lock` held.
cudaError_t check_not_capturing();

}  // namespace simt
