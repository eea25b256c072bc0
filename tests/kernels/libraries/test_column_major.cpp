#include "kernels/libraries/column_major.h"

#include <utility>
#include <vector>

#include "tests/support/catch.h"

namespace duel::test {
namespace {

// Small whole numbers that differ from place to place: products are exact, and a wrong index shows.
std::vector<float> numbers(int rows, int columns, int seed) {
  std::vector<float> values(static_cast<std::size_t>(rows) * columns);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>((i * 7 + static_cast<std::size_t>(seed)) % 11) - 5;
  }
  return values;
}

float value_of(const Factor& factor, int row, int column) {
  return factor.transposed ? factor.data[column * factor.stride + row] : factor.data[row * factor.stride + column];
}

// Between the rows of the result the memory keeps its -1.
std::vector<float> row_major_product(const LibraryProduct& p) {
  std::vector<float> result(static_cast<std::size_t>(p.rows()) * p.result_stride, -1.f);
  for (int i = 0; i < p.rows(); ++i) {
    for (int j = 0; j < p.columns(); ++j) {
      float sum = 0;
      for (int k = 0; k < p.depth(); ++k) sum += value_of(p.a, i, k) * value_of(p.b, k, j);
      result[static_cast<std::size_t>(i) * p.result_stride + j] = sum;
    }
  }
  return result;
}

// What the documentation of sgemm says, word by word.
void column_major_reference(const ColumnMajorProduct& p) {
  for (int j = 0; j < p.n; ++j) {
    for (int i = 0; i < p.m; ++i) {
      float sum = 0;
      for (int k = 0; k < p.k; ++k) {
        const float first = p.transpose_first ? p.first[k + i * p.first_stride] : p.first[i + k * p.first_stride];
        const float second = p.transpose_second ? p.second[j + k * p.second_stride] : p.second[k + j * p.second_stride];
        sum += first * second;
      }
      p.result[i + j * p.result_stride] = sum;
    }
  }
}

// Matrices of three columns more than the product takes; `result` is two wider than its rows.
struct Operands {
  std::vector<float> a, b, result;
  LibraryProduct product;

  Operands(int m, int n, int k, bool transpose_a, bool transpose_b)
      : a(numbers(m + 3, k + 3, 1)), b(numbers(k + 3, n + 3, 4)), result(static_cast<std::size_t>(m) * (n + 2), -1.f) {
    const auto shaped = [](const std::vector<float>& values, int rows, int columns, bool transposed) {
      if (transposed) std::swap(rows, columns);
      return Factor{values.data() + 3, rows, columns, columns + 3, transposed};
    };
    product = {shaped(a, m, k, transpose_a), shaped(b, k, n, transpose_b), result.data(), n + 2};
  }
};

template <class Check>
void for_each_product(Check&& check) {
  for (const int m : {1, 2, 5}) {
    for (const int n : {1, 3, 4}) {
      for (const int k : {1, 2, 7}) {
        for (const bool transpose_a : {false, true}) {
          for (const bool transpose_b : {false, true}) {
            INFO(m << " x " << n << ", depth " << k << ", a " << (transpose_a ? "transposed" : "as it is") << ", b "
                   << (transpose_b ? "transposed" : "as it is"));
            Operands operands(m, n, k, transpose_a, transpose_b);
            check(operands);
          }
        }
      }
    }
  }
}

TEST_CASE("column-major products: the same as the row-major one") {
  for_each_product([](Operands& operands) {
    column_major_reference(column_major(operands.product));
    CHECK(operands.result == row_major_product(operands.product));
  });
}

TEST_CASE("column-major products: panels of rows or columns make up the whole") {
  for_each_product([](Operands& operands) {
    const std::vector<float> expected = row_major_product(operands.product);
    const ColumnMajorProduct whole = column_major(operands.product);
    for (int begin = 0; begin < whole.m; begin += 2) {
      column_major_reference(rows_of(whole, begin, begin + 2 < whole.m ? 2 : whole.m - begin));
    }
    CHECK(operands.result == expected);
    operands.result.assign(operands.result.size(), -1.f);
    for (int begin = 0; begin < whole.n; begin += 2) {
      column_major_reference(columns_of(whole, begin, begin + 2 < whole.n ? 2 : whole.n - begin));
    }
    CHECK(operands.result == expected);
  });
}

TEST_CASE("column-major products: strides are never shorter than the columns they step over") {
  for_each_product([](Operands& operands) {
    const ColumnMajorProduct p = column_major(operands.product);
    CHECK(p.first_stride >= (p.transpose_first ? p.k : p.m));
    CHECK(p.second_stride >= (p.transpose_second ? p.n : p.k));
    CHECK(p.result_stride >= p.m);
  });
}

TEST_CASE("column-major products: factors of matrices have the shapes of their definition") {
  const std::vector<float> values(4 * 3);
  const Matrix<const float> m{values.data(), 4, 3};
  const LibraryProduct product{transposed_factor(m), factor_of_columns(m, 1, 2), nullptr, 2};
  CHECK(product.rows() == 3);
  CHECK(product.columns() == 2);
  CHECK(product.depth() == 4);
  CHECK(product.b.data == values.data() + 1);
  CHECK(product.b.stride == 3);
  CHECK_FALSE(factor(m).transposed);
}

}  // namespace
}  // namespace duel::test
