// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

namespace starling::linalg {

/// A small dense matrix of host memory, row by row, zero at first. Each row starts a cache line and
/// is padded to whole vectors; kernels may read the padding, and write finite numbers there that
/// mean nothing.
class Matrix {
 public:
  Matrix(Index rows, Index columns)
      : rows_(rows),
        columns_(columns),
        stride_(padded(columns)),
        data_("linalg::Matrix", static_cast<std::size_t>(rows * stride_)) {}

  Index rows() const { return rows_; }
  Index columns() const { return columns_; }
  /// Reals from one row to the next.
  Index stride() const { return stride_; }

  Real* row(Index i) { return data_.data() + i * stride_; }
  const Real* row(Index i) const { return data_.data() + i * stride_; }
  Real& operator()(Index i, Index j) { return row(i)[j]; }
  Real operator()(Index i, Index j) const { return row(i)[j]; }

 private:
  // Rows a power of two apart would share few sets of the cache.
  static Index padded(Index columns) {
    const Index lines = (columns + 7) / 8;
    return 8 * (lines % 8 == 0 ? lines + 1 : lines);
  }

  Index rows_, columns_, stride_;
  Kokkos::View<Real*, Kokkos::LayoutRight, Kokkos::HostSpace> data_;
};

}  // namespace starling::linalg
