// SPDX-License-Identifier: BSD-3-Clause
#include "filters/cholesky.hpp"

#include <cmath>

namespace starling::filters {

Real cholesky(linalg::Matrix& a) {
  Real sum = 0;
  for (Index j = 0; j < a.rows(); ++j) {
    for (Index k = 0; k < j; ++k) a(j, j) -= a(j, k) * a(j, k);
    sum += std::log(a(j, j));
    a(j, j) = std::sqrt(a(j, j));
    for (Index i = j + 1; i < a.rows(); ++i) {
      for (Index k = 0; k < j; ++k) a(i, j) -= a(i, k) * a(j, k);
      a(i, j) /= a(j, j);
    }
  }
  return sum;
}

void solve_lower(Real* x, const linalg::Matrix& factor, Index n) {
  for (Index i = 0; i < n; ++i) {
    for (Index k = 0; k < i; ++k) x[i] -= factor(i, k) * x[k];
    x[i] /= factor(i, i);
  }
}

void solve_upper(Real* x, const linalg::Matrix& factor, Index n) {
  for (Index i = n; i-- > 0;) {
    for (Index k = i + 1; k < n; ++k) x[i] -= factor(k, i) * x[k];
    x[i] /= factor(i, i);
  }
}

}  // namespace starling::filters
