// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "linalg/matrix.hpp"

/// LAPACK behind small functions. Everything here keeps OpenBLAS to one thread: a rank owns a core.
namespace starling::linalg {

/// Solves a x = b by LU with partial pivoting: x holds b on entry; `a` (n x n) is destroyed. Throws
/// NumericalError if a is singular. Local; allocates.
void solve(Real* x, Matrix& a);

/// x = x a^-1 for every row of x, where `a` is symmetric positive definite; by Cholesky. `a` is
/// destroyed. Throws NumericalError if it is not positive definite. Local; allocates nothing.
void divide_by_positive(Matrix& x, Matrix& a);

/// Singular values, descending, of a rows x columns matrix, and its left vectors as columns of
/// `left` (rows x min(rows, columns)) and right vectors as rows of `right` (min x columns). By
/// LAPACK's dgesvd: the reference for what is faster. `a` is destroyed. Local; allocates.
void singular_values(Real* values, Matrix& left, Matrix& right, Matrix& a);

}  // namespace starling::linalg
