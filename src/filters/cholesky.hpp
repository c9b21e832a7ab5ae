// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "linalg/matrix.hpp"

/// Small positive definite matrices, without LAPACK: the same bits wherever they are solved.
namespace starling::filters {

/// The lower triangle of `a` becomes its Cholesky factor L. Returns log det a. Local; allocates
/// nothing.
Real cholesky(linalg::Matrix& a);

/// x <- L^-1 x and x <- L^-T x for the first n rows and columns of such a factor. Local; allocates
/// nothing.
void solve_lower(Real* x, const linalg::Matrix& factor, Index n);
void solve_upper(Real* x, const linalg::Matrix& factor, Index n);

}  // namespace starling::filters
