// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/dense.hpp"

#include "core/error.hpp"

#include <cblas.h>
#include <lapacke.h>

#include <algorithm>
#include <vector>

namespace starling::linalg {
namespace {

// A matrix row by row is LAPACK's transposed matrix: nothing is copied. The *_work functions, told
// column-major, allocate nothing.
constexpr int transposed_layout = LAPACK_COL_MAJOR;

lapack_int size(Index n) { return static_cast<lapack_int>(n); }

void one_thread() { openblas_set_num_threads(1); }

// Illegal arguments are mistakes of this file.
void check(lapack_int info) { STARLING_ASSERT(info >= 0); }

}  // namespace

void solve(Real* x, Matrix& a) {
  one_thread();
  const Index n = a.rows();
  STARLING_ASSERT(a.columns() == n);
  std::vector<lapack_int> pivots(static_cast<std::size_t>(n));
  const lapack_int info = LAPACKE_dgetrf_work(transposed_layout, size(n), size(n), a.row(0),
                                              size(a.stride()), pivots.data());
  check(info);
  if (info > 0) throw NumericalError(fmt::format("a {0} x {0} system of equations is singular", n));
  check(LAPACKE_dgetrs_work(transposed_layout, 'T', size(n), 1, a.row(0), size(a.stride()),
                            pivots.data(), x, size(n)));
}

void divide_by_positive(Matrix& x, Matrix& a) {
  one_thread();
  const Index n = a.rows();
  STARLING_ASSERT(a.columns() == n && x.columns() == n);
  const lapack_int info =
      LAPACKE_dpotrf_work(transposed_layout, 'U', size(n), a.row(0), size(a.stride()));
  check(info);
  if (info > 0) throw NumericalError(fmt::format("a {0} x {0} matrix is not positive definite", n));
  check(LAPACKE_dpotrs_work(transposed_layout, 'U', size(n), size(x.rows()), a.row(0),
                            size(a.stride()), x.row(0), size(x.stride())));
}

void singular_values(Real* values, Matrix& left, Matrix& right, Matrix& a) {
  one_thread();
  const Index smaller = std::min(a.rows(), a.columns());
  STARLING_ASSERT(left.rows() == a.rows() && left.columns() >= smaller);
  STARLING_ASSERT(right.rows() >= smaller && right.columns() == a.columns());
  // Transposed, right vectors are the left ones.
  const lapack_int m = size(a.columns()), n = size(a.rows());
  std::vector<Real> unconverged(static_cast<std::size_t>(smaller));
  const lapack_int info = LAPACKE_dgesvd(
      transposed_layout, 'S', 'S', m, n, a.row(0), size(a.stride()), values, right.row(0),
      size(right.stride()), left.row(0), size(left.stride()), unconverged.data());
  check(info);
  if (info > 0) throw NumericalError("singular values are not found");
}

}  // namespace starling::linalg
