// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "core/types.hpp"

#include <mpi.h>

#include <vector>

namespace starling::linalg {

/// The leading part of a singular value decomposition of a matrix that is distributed by columns,
///     block(m, j) ~ sum over i of values[i] coefficients(i, m) modes(i, j).
/// For ensemble anomalies (members x dofs) the modes are the empirical orthogonal functions and
/// values^2 / (members - 1) the variances they carry. Signs: the coefficient of largest magnitude
/// of each mode (the first of them) is positive.
struct SingularVectors {
  std::vector<Real> values;    ///< descending, on every rank
  Array<Real**> modes;         ///< count x my columns, orthonormal over the columns of all ranks
  Array<Real**> coefficients;  ///< count x rows, orthonormal, on every rank
};

/// How many more digits of small singular values matter decides.
enum class SvdMethod {
  /// Eigenvectors of block block^T (sirovich1987): the fastest while rows are few; singular values
  /// below 1e-8 of the first have no digits left. The same bits for any number of ranks.
  snapshots,
  /// SLEPc's thick-restart Lanczos bidiagonalisation (hernandez2008), which keeps their digits.
  /// Only
  /// rounding is the same for other numbers of ranks.
  slepc,
};

/// The `count` leading singular vectors of the rows x columns matrix of which this rank has the
/// columns of `block`; columns lie in rank order, dealt in whole blocks of `column_block`.
/// Collective on `comm`. Throws InputError if count exceeds rows or all columns, or for slepc in a
/// build without it. Allocates.
SingularVectors leading_singular_vectors(MPI_Comm comm, ConstRows block, Index count,
                                         SvdMethod method = SvdMethod::snapshots,
                                         Index column_block = dof_block);

}  // namespace starling::linalg
