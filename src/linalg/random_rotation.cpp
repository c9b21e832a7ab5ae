// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/random_rotation.hpp"

#include "core/error.hpp"
#include "linalg/reflection.hpp"

#include <algorithm>
#include <cmath>

namespace starling::linalg {
namespace {

void change_sign(Real* row, Index count) {
  for (Index j = 0; j < count; ++j) row[j] = -row[j];
}

}  // namespace

RandomRotation::RandomRotation(Index size)
    : size_(size),
      normals_(static_cast<std::size_t>(size * (size - 1) / 2)),
      mean_(static_cast<std::size_t>(size), 1 / std::sqrt(static_cast<Real>(size))) {
  STARLING_ASSERT(size > 0);
  mean_[0] += 1;
}

void RandomRotation::rotate(Matrix& a, const Stream& stream) {
  STARLING_ASSERT(a.rows() == size_ && a.columns() <= size_);
  const Index n = size_ - 1;
  if (n == 0) return;
  stream.normals(normals_.data(), static_cast<Index>(normals_.size()));

  // The reflection that takes 1 / sqrt(size) to -e_0, and back: between, row 0 is the mean.
  const Real to_mean = 1 / mean_[0];
  reflect_rows(a.row(0), a.stride(), size_, a.columns(), mean_.data(), to_mean);
  // The vectors lie one after the other, the longest first; from the shortest up.
  Real* x = normals_.data() + normals_.size();
  for (Index k = 1; k <= n; ++k) {
    x -= k;
    Real* first_row = a.row(size_ - k);
    if (k == 1) {
      if (x[0] < 0) change_sign(first_row, a.columns());
      continue;
    }
    // As R of the factorisation has a positive diagonal, H_k comes with a sign.
    if (x[0] > 0) change_sign(first_row, a.columns());
    Real squares = 0;
    for (Index j = 1; j < k; ++j) squares += x[j] * x[j];
    const Real norm = std::sqrt(x[0] * x[0] + squares);
    const Real factor = 1 / (norm * (norm + std::abs(x[0])));
    x[0] += std::copysign(norm, x[0]);
    reflect_rows(first_row, a.stride(), k, a.columns(), x, factor);
  }
  reflect_rows(a.row(0), a.stride(), size_, a.columns(), mean_.data(), to_mean);
}

}  // namespace starling::linalg
