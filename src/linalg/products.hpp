// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "linalg/matrix.hpp"

#include <vector>

namespace starling::linalg {

/// A left factor a(i, k) = data[i * row_stride + k * term_stride]: a matrix, its transpose, or part
/// of one.
struct Left {
  const Real* data;
  Index row_stride;
  Index term_stride;
};

/// A right factor or a result, row by row.
struct Right {
  const Real* data;
  Index stride;
};
struct Product {
  Real* data;
  Index stride;
};

/// out(i, j) = sum over k of a(i, k) b(k, j), for i < rows, j < columns, k < terms. Every element
/// is one chain of fused multiply-adds, k ascending: its bits depend on row i of a and column j of
/// b alone, not on the other columns or on where they lie. Reads and writes whole vectors: columns
/// are rounded up to vector_width (linalg/simd.hpp), and b and out must have room for that.
void multiply(Product out, Left a, Right b, Index rows, Index columns, Index terms);
/// The same chains, but from out(i, j) on instead of from zero.
void add_product(Product out, Left a, Right b, Index rows, Index columns, Index terms);

/// The lower triangle, j <= i, of out(i, j) = sum over k of b(k, i) b(k, j), for i < rows, k <
/// terms, by the chains of multiply. Elements above the diagonal may be written with anything
/// finite.
void gram(Product out, Right b, Index rows, Index terms);

/// Linear combinations of the rows of a block,
///     out(i, j) = [in(i, j) +] sum over k of w(i, k) in(k, j),
/// a chunk of columns in cache at a time. Columns do not see each other: a column ends up with the
/// same bits however the columns are dealt to ranks. No communication, no allocation.
class RowCombination {
 public:
  /// For blocks of `rows` rows.
  explicit RowCombination(Index rows);

  /// out = w in, where `out` may be `in` itself. `w` is (rows of out) x rows.
  void assign(Rows out, const Matrix& w, ConstRows in);
  /// block += w block. Where w is small this loses less to rounding, and w = 0 changes no bit.
  void add(Rows block, const Matrix& w);

 private:
  template <bool keep>
  void combine(Rows out, const Matrix& w, ConstRows in);

  Index rows_, chunk_;
  std::vector<Real> old_, tail_;
};

}  // namespace starling::linalg
