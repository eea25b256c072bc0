// Label embeddings and their gradient: what they mean for a layer, by hand, against central differences; then every
// variant on every case.
#include <vector>

#include "kernels/ops/label_embedding/cases.h"
#include "kernels/reference.h"
#include "tests/kernels/levels/level_ops.h"
#include "tests/kernels/support/central_differences.h"
#include "tests/kernels/support/validation.h"
#include "tests/support/catch.h"

namespace duel::test {

using namespace verify;
namespace {

template <class Visitor>
void for_each_embedding_op(Visitor&& visitor) {
  visitor(label_embedding_cases());
  visitor(label_embedding_gradient_cases());
}

TEST_CASE("label embedding: every case that is no shape of training") {
  for_each_embedding_op([](const auto& op) {
    for (const auto& one : op.cases()) {
      if (one.of_training) continue;
      INFO(op.op.name << ", " << one.name);
      CHECK(check_case(op, one, {.misalignment = one.misalignment}) == "");
    }
  });
}

TEST_CASE("label embedding: every schedule on every number of threads") {
  for_each_embedding_op([](const auto& op) {
    for (const auto& one : op.cases()) {
      if (one.of_training || one.misalignment > 0 || one.arguments.weight.size() > 1000) continue;
      INFO(op.op.name << ", " << one.name);
      CHECK(check_case(op, one, {.executions = HowMany::all}) == "");
    }
  });
}

TEST_CASE("label embedding: a one-hot class gives what the class's vector gives W") {
  constexpr int kHeight = 3, kOthers = 2, kClasses = 4, kTaps = 2, kColumns = kOthers + kClasses * kTaps;
  HostTensors host(1);
  const Matrix<double> e = host.uniform(kClasses, kClasses, -1, 1), w = host.uniform(kHeight, kColumns, -1, 1),
                       embedded = host.matrix(kHeight, kColumns);
  label_embedding_reference({.embedding = e, .weight = w, .taps = kTaps, .embedded = embedded});
  const Matrix<double> one_hot = host.uniform(kColumns, 1, -1, 1), with_vector = host.matrix(kColumns, 1);
  for (int c = 0; c < kClasses; ++c) {
    for (int i = 0; i < kColumns; ++i) {
      const int input = (i - kOthers) / kTaps;
      // What is no class is the same; each tap of an input meets a pixel, and all pixels of a plane are alike.
      if (i >= kOthers) one_hot.data[i] = input == c ? 1 : 0;
      with_vector.data[i] = i < kOthers ? one_hot.data[i] : at(e, c, input);
    }
    for (int row = 0; row < kHeight; ++row) {
      double of_one_hot = 0, of_vector = 0;
      for (int i = 0; i < kColumns; ++i) {
        of_one_hot += at(embedded, row, i) * one_hot.data[i];
        of_vector += at(w, row, i) * with_vector.data[i];
      }
      CHECK(of_one_hot == Approx(of_vector));
    }
  }
}

TEST_CASE("label embedding: numbers by hand") {
  // E = (1 2; 3 4), W = (7 | 10 20): class 0 is 10 + 2 * 20, class 1 is 3 * 10 + 4 * 20.
  std::vector<double> e = {1, 2, 3, 4}, w = {7, 10, 20}, embedded(3), gradient = {5, 1, 100}, of_e(4);
  label_embedding_reference(
      {.embedding = {e.data(), 2, 2}, .weight = {w.data(), 1, 3}, .embedded = {embedded.data(), 1, 3}});
  CHECK(embedded == std::vector<double>{7, 50, 110});
  label_embedding_gradient_reference({.embedding = {e.data(), 2, 2},
                                      .weight = {w.data(), 1, 3},
                                      .weight_gradient = {gradient.data(), 1, 3},
                                      .embedding_gradient = {of_e.data(), 2, 2}});
  CHECK(gradient == std::vector<double>{5, 1 + 300, 2 + 400});
  CHECK(of_e == std::vector<double>{10, 20, 1000, 2000});
}

TEST_CASE("label embedding: the gradients' reference is the slope of the forward reference") {
  const int taps = GENERATE(1, 3);
  constexpr int kHeight = 4, kOthers = 5, kClasses = 3;
  const int columns = kOthers + kClasses * taps;
  HostTensors host(2);
  const Matrix<double> e = host.uniform(kClasses, kClasses, -1, 1), w = host.uniform(kHeight, columns, -1, 1),
                       embedded = host.matrix(kHeight, columns), upstream = host.uniform(kHeight, columns, -1, 1),
                       of_w = host.matrix(kHeight, columns), of_e = host.matrix(kClasses, kClasses);
  const auto loss = [&] {
    label_embedding_reference({.embedding = e, .weight = w, .taps = taps, .embedded = embedded});
    double sum = 0;
    for (std::size_t i = 0; i < embedded.size(); ++i) sum += upstream.data[i] * embedded.data[i];
    return sum;
  };
  std::copy_n(upstream.data, upstream.size(), of_w.data);
  label_embedding_gradient_reference(
      {.embedding = e, .weight = w, .taps = taps, .weight_gradient = of_w, .embedding_gradient = of_e});
  const auto flat = [](const Matrix<double>& matrix) {
    return Vector<double>{matrix.data, static_cast<int>(matrix.size())};
  };
  CHECK(check_gradient("weight", flat(w), flat(of_w), loss) == "");
  CHECK(check_gradient("embedding", flat(e), flat(of_e), loss) == "");
}

TEST_CASE("label embedding: wrong arguments are refused by name") {
  LabelEmbedding<float> a{.embedding = shape<const float>(3, 3),
                          .weight = shape<const float>(4, 14),
                          .taps = 2,
                          .embedded = shape<float>(4, 14)};
  CHECK(check_shapes(label_embedding_op(), a, {.defining = {"embedding", "weight"}, .roomy = {"weight"}}) == "");
  const auto refuses = [&](const char* named, auto change) {
    auto wrong = a;
    change(wrong);
    CHECK(check_refusal(label_embedding_op(), wrong, named) == "");
  };
  refuses("taps > 0, not 0", [](auto& one) { one.taps = 0; });
  refuses("weight with 15 columns or more, not [4, 14]", [](auto& one) { one.taps = 5; });
  refuses("embedding is [3, 2]; expected [3, 3]", [](auto& one) { one.embedding.columns = 2; });
  refuses("weight with", [](auto& one) { one.taps = 2'000'000'000; });
  LabelEmbeddingGradient<float> d{.embedding = a.embedding,
                                  .weight = a.weight,
                                  .taps = 2,
                                  .weight_gradient = shape<float>(4, 14),
                                  .embedding_gradient = shape<float>(3, 3),
                                  .workspace = shape<float>(24)};
  CHECK(check_shapes(label_embedding_gradient_op(), d,
                     {.defining = {"embedding", "weight"}, .roomy = {"weight", "workspace"}}) == "");
  d.workspace.rows = 23;
  CHECK(check_refusal(label_embedding_gradient_op(), d, "a workspace of 24 values or more, not [23]") == "");
}

}  // namespace
}  // namespace duel::test
