#include "duel_has.h"
#if DUEL_HAS_ONNX
// Before all else: its headers use names that are macros on the CPU device.
#include <onnx/checker.h>
#endif

#include <cstdint>
#include <string_view>

#include "app/errors/exit_code.h"
#include "app/export/onnx_model.h"
#include "files/optional_packages.h"

namespace duel::app {

const char* const kOnnxBeginning =
    "\x08\x07\x12\x04"
    "duel";  // ir_version = 7; producer_name, 4 bytes

#if DUEL_HAS_ONNX

namespace {

constexpr std::int64_t kIrVersion = 7, kOperators = 13;
constexpr std::uint64_t kMostModelBytes = (std::uint64_t{1} << 31) - (1 << 20);

class ModelBuilder {
 public:
  explicit ModelBuilder(const ExportedNetwork& network) : network_(network) {
    model_.set_ir_version(kIrVersion);
    model_.set_producer_name("duel");
    model_.set_producer_version(DUEL_VERSION);
    model_.add_opset_import()->set_version(kOperators);
    model_.mutable_graph()->set_name(network.name);
  }

  void describe(onnx::ValueInfoProto& value, const std::string& name, const std::vector<std::int64_t>& sizes,
                onnx::TensorProto::DataType element = onnx::TensorProto::FLOAT) {
    value.set_name(name);
    auto& type = *value.mutable_type()->mutable_tensor_type();
    type.set_elem_type(element);
    type.mutable_shape()->add_dim()->set_dim_param("batch");
    for (const std::int64_t size : sizes) type.mutable_shape()->add_dim()->set_dim_value(size);
  }

  void input(const std::string& name, const std::vector<std::int64_t>& sizes) {
    describe(*graph().add_input(), name, sizes);
    last_ = name;
  }

  /// Another input, the classes of a batch, whose one-hot rows, each value `repeated`, follow the last values.
  void append_classes(std::int64_t count, std::int64_t repeated) {
    describe(*graph().add_input(), "classes", {}, onnx::TensorProto::INT64);
    onnx::TensorProto& depth = constant("count_of_classes", onnx::TensorProto::INT64, 1);
    depth.add_int64_data(count);
    onnx::TensorProto& off_and_on = constant("off_and_on", onnx::TensorProto::FLOAT, 2);
    off_and_on.add_float_data(0);
    off_and_on.add_float_data(1);
    const std::string values = last_;
    last_ = "classes";
    node("OneHot", {depth.name(), off_and_on.name()});
    if (repeated > 1) {
      reshape({count, 1});
      onnx::TensorProto& sizes = constant("sizes_of_planes", onnx::TensorProto::INT64, 3);
      for (const std::int64_t size : {std::int64_t{1}, count, repeated}) sizes.add_int64_data(size);
      node("Expand", {sizes.name()});
      reshape({count * repeated});
    }
    const std::string one_hot = last_;
    last_ = values;
    set(node("Concat", {one_hot}), "axis", std::int64_t{1});
  }

  /// Names the last values as the result.
  void output(const std::string& name, const std::vector<std::int64_t>& sizes) {
    *graph().mutable_node()->rbegin()->mutable_output(0) = name;
    describe(*graph().add_output(), name, sizes);
  }

  /// Adds an operator on the last values.
  onnx::NodeProto& node(const std::string& kind, const std::vector<std::string>& parameters = {}) {
    onnx::NodeProto& node = *graph().add_node();
    node.set_op_type(kind);
    node.set_name(kind + "_" + std::to_string(graph().node_size()));
    node.add_input(last_);
    for (const std::string& parameter : parameters) node.add_input(parameter);
    last_ = node.name() + "_output";
    node.add_output(last_);
    return node;
  }

  /// To a batch of these sizes.
  void reshape(std::vector<std::int64_t> sizes) {
    sizes.insert(sizes.begin(), 0);  // as many as there are
    const std::string name = "shape_" + std::to_string(graph().initializer_size() + 1);
    onnx::TensorProto& shape = constant(name, onnx::TensorProto::INT64, sizes.size());
    for (const std::int64_t size : sizes) shape.add_int64_data(size);
    node("Reshape", {shape.name()});
  }

  void add(std::size_t index) {
    const Module& module = network_.modules[index];
    const auto argument = [&](std::size_t i) { return static_cast<float>(module.arguments[i]); };
    if (module.kind == "Linear") {
      set(node("Gemm", {parameter(index, "weight"), parameter(index, "bias")}), "transB", std::int64_t{1});
    } else if (module.kind == "Conv2d") {
      onnx::NodeProto& convolution = node("Conv", {parameter(index, "weight"), parameter(index, "bias")});
      const auto kernel = static_cast<std::int64_t>(module.arguments[2]);
      const auto stride = static_cast<std::int64_t>(module.arguments[3]);
      const auto padding = static_cast<std::int64_t>(module.arguments[4]);
      set_all(convolution, "kernel_shape", {kernel, kernel});
      set_all(convolution, "strides", {stride, stride});
      set_all(convolution, "pads", {padding, padding, padding, padding});
    } else if (module.kind == "Upsample") {
      onnx::TensorProto& scales = constant("scales_" + std::to_string(index), onnx::TensorProto::FLOAT, 4);
      for (const float scale : {1.f, 1.f, argument(0), argument(0)}) scales.add_float_data(scale);
      onnx::NodeProto& resize = node("Resize", {"", scales.name()});  // no region of interest
      set(resize, "mode", "nearest");
      set(resize, "coordinate_transformation_mode", "asymmetric");
      set(resize, "nearest_mode", "floor");
    } else if (module.kind == "Unflatten") {
      reshape({module.arguments.begin(), module.arguments.end()});
    } else if (module.kind == "Flatten") {
      set(node("Flatten"), "axis", std::int64_t{1});
    } else if (module.kind == "BatchNorm1d" || module.kind == "BatchNorm2d") {
      onnx::NodeProto& norm =
          node("BatchNormalization", {parameter(index, "weight"), parameter(index, "bias"),
                                      parameter(index, "running_mean"), parameter(index, "running_var")});
      set(norm, "epsilon", argument(1));
    } else if (module.kind == "LeakyReLU") {
      set(node("LeakyRelu"), "alpha", argument(0));
    } else if (module.kind == "MaxPool1d") {  // the largest of neighbours
      reshape({-1, static_cast<std::int64_t>(module.arguments[0])});
      onnx::NodeProto& largest = node("ReduceMax");
      set(largest, "keepdims", std::int64_t{0});
      set_all(largest, "axes", {2});
    } else if (module.kind != "Dropout" && module.kind != "Dropout2d") {  // which leave values as they are
      node(module.kind);                                                  // Tanh, Sigmoid
    }
  }

  std::string finish() const {
    onnx::checker::check_model(model_);
    return model_.SerializeAsString();
  }

 private:
  onnx::GraphProto& graph() { return *model_.mutable_graph(); }

  /// A vector of so many values, which are to be added.
  onnx::TensorProto& constant(const std::string& name, onnx::TensorProto::DataType element, std::size_t size) {
    onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(element);
    tensor.add_dims(static_cast<std::int64_t>(size));
    return tensor;
  }

  static void set(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(value);
  }
  static void set_all(onnx::NodeProto& node, const std::string& name, const std::vector<std::int64_t>& values) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INTS);
    for (const std::int64_t value : values) attribute.add_ints(value);
  }
  static void set(onnx::NodeProto& node, const std::string& name, const char* text) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::STRING);
    attribute.set_s(text);
  }
  static void set(onnx::NodeProto& node, const std::string& name, float value) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::FLOAT);
    attribute.set_f(value);
  }

  /// Adds a tensor of the network; returns its name.
  std::string parameter(std::size_t module, const std::string& name) {
    const Tensor& tensor = network_.tensor(module, name);
    onnx::TensorProto& proto = *graph().add_initializer();
    proto.set_name(tensor.name);
    proto.set_data_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t size : tensor.shape) proto.add_dims(size);
    proto.set_raw_data(tensor.bytes.data(), tensor.bytes.size());
    return tensor.name;
  }

  const ExportedNetwork& network_;
  onnx::ModelProto model_;
  std::string last_;  ///< name of the values that the last operator gives
};

}  // namespace

std::string onnx_model(const ExportedNetwork& network) {
  std::uint64_t bytes = 0;
  for (const Tensor& tensor : network.tensors) bytes += tensor.bytes.size();
  if (bytes > kMostModelBytes) {
    throw UsageError("--format onnx: expected at most 2 GiB of weights, found " + std::to_string(bytes) +
                     " bytes; --format safetensors takes any size");
  }
  ModelBuilder builder(network);
  const std::vector<std::int64_t> image = {network.channels, network.height, network.height};
  const bool is_generator = network.name == "generator";
  if (is_generator) {
    builder.input("latents", {network.tensor(0, "weight").shape[1] - network.classes});
  } else {
    builder.input("images", image);
    builder.reshape({network.channels * network.height * network.height});
  }
  if (network.classes > 0) builder.append_classes(network.classes, network.pixels_of_class);
  for (std::size_t i = 0; i < network.modules.size(); ++i) builder.add(i);
  if (is_generator) builder.reshape(image);
  builder.output(is_generator ? "images" : "judgements", is_generator ? image : std::vector<std::int64_t>{1});
  return builder.finish();
}

#else

std::string onnx_model(const ExportedNetwork&) {
  throw UsageError(without_package("export --format onnx", "ONNX"));
}

#endif

}  // namespace duel::app
