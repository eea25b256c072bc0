// Values that no healthy training has.
#include "engine/io/non_finite.h"

#include <cstring>
#include <limits>

#include "tests/support/catch.h"

namespace duel::test {
namespace {

template <class Value>
Tensor tensor_of(const std::string& name, DType type, std::initializer_list<Value> values) {
  Tensor tensor{name, type, {static_cast<std::int64_t>(values.size())}, {}};
  tensor.bytes.resize(values.size() * sizeof(Value));
  std::memcpy(tensor.bytes.data(), values.begin(), tensor.bytes.size());
  return tensor;
}

TEST_CASE("non-finite values: the first one is named") {
  using Float = std::numeric_limits<float>;
  using Double = std::numeric_limits<double>;
  TensorFile file;
  file.tensors.push_back(tensor_of<std::int64_t>("n", DType::i64, {-1}));  // as a double, not a number
  file.tensors.push_back(tensor_of<float>("f", DType::f32, {Float::max(), Float::lowest(), Float::denorm_min(), -0.f}));
  CHECK(!find_non_finite(file));
  file.tensors.push_back(tensor_of<double>("d", DType::f64, {1, -Double::infinity()}));
  CHECK(find_non_finite(file).value_or("") == "value 1 of 'd' is not finite");
  file.tensors.push_back(tensor_of<float>("w", DType::f32, {1, 2, Float::quiet_NaN(), Float::infinity()}));
  file.tensors.erase(file.tensors.begin() + 2);
  CHECK(find_non_finite(file).value_or("") == "value 2 of 'w' is not finite");
}

}  // namespace
}  // namespace duel::test
