// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <algorithm>
#include <utility>

namespace starling::linalg {

/// A small dense matrix of host memory, row by row, zero at first; a value: copies are deep. Each
/// row starts a cache line and is padded to whole vectors; kernels may read the padding, and write
/// finite numbers there that mean nothing.
class Matrix {
 public:
  Matrix(Index rows, Index columns)
      : rows_(rows),
        columns_(columns),
        stride_(padded(columns)),
        data_("linalg::Matrix", static_cast<std::size_t>(rows * stride_)) {}

  Matrix(const Matrix& other) : Matrix(other.rows_, other.columns_) {
    std::copy_n(other.data_.data(), rows_ * stride_, data_.data());
  }
  Matrix(Matrix&&) = default;
  Matrix& operator=(Matrix other) noexcept {
    std::swap(rows_, other.rows_);
    std::swap(columns_, other.columns_);
    std::swap(stride_, other.stride_);
    std::swap(data_, other.data_);
    return *this;
  }
  ~Matrix() = default;

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
