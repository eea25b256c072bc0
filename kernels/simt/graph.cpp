#include "kernels/simt/graph.h"
#include "kernels/simt/failing_call.h"

#include <algorithm>
#include <memory>

#include "kernels/simt/checked/leaks.h"
#include "kernels/simt/checked/watch.h"

struct CUgraph_st {
  std::shared_ptr<simt::Graph> graph;
};
struct CUgraphExec_st {
  std::shared_ptr<const simt::Graph> graph;
  std::shared_ptr<const simt::NodeOrder> order;  ///< checked builds only
};

namespace simt {
namespace {

// Handles that exist; guarded by the device's lock.
std::vector<std::unique_ptr<CUgraph_st>> g_graphs;
std::vector<std::unique_ptr<CUgraphExec_st>> g_executables;
std::vector<std::shared_ptr<Capture>> g_captures;

template <class Handles, class Handle>
bool known(const Handles& handles, Handle handle) {
  return std::any_of(handles.begin(), handles.end(), [&](const auto& h) { return h.get() == handle; });
}

// Nodes that `frontier` depends on, itself included.
std::vector<bool> ancestors(const Graph& graph, const std::vector<std::size_t>& frontier) {
  std::vector<bool> reached(graph.nodes.size(), false);
  for (std::size_t node : frontier) reached[node] = true;
  for (std::size_t node = graph.nodes.size(); node-- > 0;) {
    if (!reached[node]) continue;
    for (std::size_t before : graph.nodes[node].after) reached[before] = true;
  }
  return reached;
}

Fault run_node(const std::vector<Graph::Node>& nodes, std::size_t node) {
  if constexpr (kChecked) watch::node_begins(node);
  return nodes[node].action();
}

}  // namespace

NodeOrder Graph::order() const {
  NodeOrder order;
  for (const Node& node : nodes) order.push_back(ancestors(*this, node.after));
  return order;
}

Fault Graph::run() const {
  Device& device = Device::instance();
  if (device.in_forward_order()) {  // the order of the recording: it honours every dependency
    for (std::size_t node = 0; node < nodes.size(); ++node) {
      Fault fault = run_node(nodes, node);
      if (fault.code != cudaSuccess) return fault;
    }
    return {};
  }
  std::vector<bool> done(nodes.size(), false);
  std::vector<std::size_t> waiting = device.scheduled_order(nodes.size());
  while (!waiting.empty()) {
    const auto next = std::find_if(waiting.begin(), waiting.end(), [&](std::size_t node) {
      const auto& after = nodes[node].after;
      return std::all_of(after.begin(), after.end(), [&](std::size_t before) { return done[before]; });
    });
    const std::size_t node = *next;
    waiting.erase(next);
    Fault fault = run_node(nodes, node);
    if (fault.code != cudaSuccess) return fault;
    done[node] = true;
  }
  return {};
}

cudaError_t submit(const std::shared_ptr<CUstream_st>& stream, Action action, std::shared_ptr<const NodeOrder> nodes) {
  Device& device = Device::instance();
  if (stream->capture) {
    if (stream->capture->invalid) return cudaErrorStreamCaptureInvalidated;
    Graph& graph = *stream->capture->graph;
    graph.nodes.push_back({std::move(action), stream->frontier});
    stream->frontier = {graph.nodes.size() - 1};
    return cudaSuccess;
  }
  if (stream == device.find_stream(nullptr) && device.active_captures > 0) {
    for (auto& capture : g_captures) capture->invalid = true;
    return cudaErrorStreamCaptureImplicit;
  }
  device.enqueue(stream, std::move(action), {}, std::move(nodes));
  return cudaSuccess;
}

void end_capture(const std::shared_ptr<Capture>& capture) {
  Device& device = Device::instance();
  if (!capture->relaxed) --device.active_captures;
  capture->ended = true;
  std::erase(g_captures, capture);
  device.leave_capture(capture);
}

cudaError_t check_not_capturing() {
  if (Device::instance().active_captures == 0) return cudaSuccess;
  for (auto& capture : g_captures) {
    if (!capture->relaxed) capture->invalid = true;
  }
  return cudaErrorStreamCaptureUnsupported;
}

}  // namespace simt

using simt::Device;
using simt::finish;

cudaError_t cudaStreamBeginCapture(cudaStream_t handle, cudaStreamCaptureMode mode) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  const auto stream = device.find_stream(handle);
  if (!stream) return finish(cudaErrorInvalidResourceHandle);
  if (!handle) return finish(cudaErrorStreamCaptureUnsupported);  // the legacy stream cannot be captured
  if (stream->capture) return finish(cudaErrorIllegalState);
  stream->capture = std::make_shared<simt::Capture>();
  stream->capture->graph = std::make_shared<simt::Graph>();
  stream->capture->origin = handle;
  stream->capture->relaxed = mode == cudaStreamCaptureModeRelaxed;
  stream->frontier.clear();
  if (!stream->capture->relaxed) ++device.active_captures;
  simt::g_captures.push_back(stream->capture);
  return finish(cudaSuccess);
}

cudaError_t cudaStreamEndCapture(cudaStream_t handle, cudaGraph_t* graph) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  *graph = nullptr;
  const auto stream = device.find_stream(handle);
  if (!stream) return finish(cudaErrorInvalidResourceHandle);
  const auto capture = stream->capture;
  if (!capture) return finish(cudaErrorIllegalState);
  if (capture->origin != handle) return finish(cudaErrorStreamCaptureUnmatched);
  const auto joined = simt::ancestors(*capture->graph, stream->frontier);
  const bool all_joined = std::find(joined.begin(), joined.end(), false) == joined.end();
  simt::end_capture(capture);
  if (capture->invalid) return finish(cudaErrorStreamCaptureInvalidated);
  if (!all_joined) return finish(cudaErrorStreamCaptureUnjoined);
  simt::g_graphs.push_back(std::make_unique<CUgraph_st>(CUgraph_st{capture->graph}));
  *graph = simt::g_graphs.back().get();
  if constexpr (simt::kChecked) simt::leaks::made(*graph, "a graph");
  return finish(cudaSuccess);
}

cudaError_t cudaStreamIsCapturing(cudaStream_t handle, cudaStreamCaptureStatus* status) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  const auto stream = device.find_stream(handle);
  if (!stream) return finish(cudaErrorInvalidResourceHandle);
  *status = !stream->capture           ? cudaStreamCaptureStatusNone
            : stream->capture->invalid ? cudaStreamCaptureStatusInvalidated
                                       : cudaStreamCaptureStatusActive;
  return finish(cudaSuccess);
}

cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, std::size_t* count) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  const auto guard = Device::instance().lock();
  if (!simt::known(simt::g_graphs, graph) || !count) return finish(cudaErrorInvalidValue);
  auto& all = graph->graph->nodes;
  if (nodes) {
    for (std::size_t i = 0; i < *count; ++i) {
      nodes[i] = i < all.size() ? reinterpret_cast<cudaGraphNode_t>(&all[i]) : nullptr;
    }
    *count = std::min(*count, all.size());
  } else {
    *count = all.size();
  }
  return finish(cudaSuccess);
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  const auto guard = Device::instance().lock();
  if (!simt::known(simt::g_graphs, graph) || !executable) return finish(cudaErrorInvalidValue);
  // A copy: what happens to the graph later does not change the executable.
  simt::g_executables.push_back(
      std::make_unique<CUgraphExec_st>(CUgraphExec_st{std::make_shared<const simt::Graph>(*graph->graph), nullptr}));
  *executable = simt::g_executables.back().get();
  if constexpr (simt::kChecked) {
    (*executable)->order = std::make_shared<const simt::NodeOrder>(graph->graph->order());
    simt::leaks::made(*executable, "an executable graph");
  }
  return finish(cudaSuccess);
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t handle) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  Device& device = Device::instance();
  const auto guard = device.lock();
  const auto stream = device.find_stream(handle);
  if (!stream || !simt::known(simt::g_executables, executable)) return finish(cudaErrorInvalidResourceHandle);
  if (stream->capture) return finish(cudaErrorStreamCaptureUnsupported);  // no child graphs
  ++simt::atomic_counters().graph_launches;
  return finish(simt::submit(
      stream, [graph = executable->graph] { return graph->run(); }, executable->order));
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  const auto guard = Device::instance().lock();
  if constexpr (simt::kChecked) simt::leaks::released(executable);
  const auto erased = std::erase_if(simt::g_executables, [&](const auto& e) { return e.get() == executable; });
  return finish(erased ? cudaSuccess : cudaErrorInvalidResourceHandle);
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  const auto guard = Device::instance().lock();
  if constexpr (simt::kChecked) simt::leaks::released(graph);
  const auto erased = std::erase_if(simt::g_graphs, [&](const auto& g) { return g.get() == graph; });
  return finish(erased ? cudaSuccess : cudaErrorInvalidResourceHandle);
}
