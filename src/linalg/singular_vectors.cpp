// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/singular_vectors.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/tree_sum.hpp"
#include "linalg/matrix.hpp"
#include "linalg/products.hpp"
#include "linalg/simd.hpp"
#include "linalg/symmetric_eigen.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#ifdef STARLING_HAVE_PETSC
#include "linalg/petsc.hpp"
#endif

namespace starling::linalg {
namespace {

struct Columns {
  Index first;  // index of mine among all
  Index all;
};

Columns number(MPI_Comm comm, Index mine) {
  long count = static_cast<long>(mine), before = 0, all = 0;
  STARLING_MPI(MPI_Exscan(&count, &before, 1, MPI_LONG, MPI_SUM, comm));
  STARLING_MPI(MPI_Allreduce(&count, &all, 1, MPI_LONG, MPI_SUM, comm));
  return {rank_of(comm) == 0 ? 0 : before, all};
}

// product = block block^T, summed over blocks of columns in an order that no dealing changes.
void gram_matrix(Matrix& product, MPI_Comm comm, ConstRows block, Columns columns,
                 Index column_block) {
  const Index rows = rows_of(block), width = width_of(block);
  TreeSum sum(comm, blocks_of({columns.first, columns.first + width}, column_block),
              rows * product.stride());
  Matrix transposed(column_block, rows);
  for (Index first = 0; first < width; first += column_block) {
    const Index count = std::min(column_block, width - first);
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < count; ++j) transposed(j, i) = block(i, first + j);
    gram({sum.next(), product.stride()}, {transposed.row(0), transposed.stride()}, rows, count);
    sum.add();
  }
  sum.finish(product.row(0));
  for (Index i = 0; i < rows; ++i)
    for (Index j = i + 1; j < rows; ++j) product(i, j) = product(j, i);
}

void fix_sign(Real* coefficients, Index rows, Real* mode, Index width) {
  const Real* largest = std::max_element(coefficients, coefficients + rows,
                                         [](Real a, Real b) { return std::abs(a) < std::abs(b); });
  if (*largest >= 0) return;
  std::transform(coefficients, coefficients + rows, coefficients, std::negate<>{});
  std::transform(mode, mode + width, mode, std::negate<>{});
}

SingularVectors by_snapshots(MPI_Comm comm, ConstRows block, Index count, Columns columns,
                             Index column_block) {
  const Index rows = rows_of(block);
  const auto n = static_cast<std::size_t>(count);
  SingularVectors out{std::vector<Real>(n), Array<Real**>("modes", n, block.extent(1)),
                      Array<Real**>("coefficients", n, block.extent(0))};
  Matrix product(rows, rows);
  gram_matrix(product, comm, block, columns, column_block);
  SymmetricEigen eigen(rows);
  eigen.solve(product);
  Matrix weights(count, rows);
  for (Index i = 0; i < count; ++i) {
    const Index k = rows - 1 - i;
    const Real value = std::sqrt(std::max(eigen.values()[k], 0.0));
    out.values[static_cast<std::size_t>(i)] = value;
    for (Index m = 0; m < rows; ++m) {
      out.coefficients(i, m) = eigen.vectors()(k, m);
      weights(i, m) = value > 0 ? eigen.vectors()(k, m) / value : 0;
    }
  }
  RowCombination(rows).assign(out.modes, weights, block);
  return out;
}

SingularVectors by_slepc([[maybe_unused]] MPI_Comm comm, [[maybe_unused]] ConstRows block,
                         [[maybe_unused]] Index count) {
#ifdef STARLING_HAVE_PETSC
  return petsc::leading_singular_vectors(comm, block, count);
#else
  throw InputError("singular vectors by SLEPc: this program is built without PETSc and SLEPc");
#endif
}

}  // namespace

SingularVectors leading_singular_vectors(MPI_Comm comm, ConstRows block, Index count,
                                         SvdMethod method, Index column_block) {
  const Columns columns = number(comm, width_of(block));
  require(0 < count && count <= std::min(rows_of(block), columns.all),
          "{} singular vectors of a {} x {} matrix; allowed: 1 to the smaller of both", count,
          rows_of(block), columns.all);
  SingularVectors out = method == SvdMethod::slepc
                            ? by_slepc(comm, block, count)
                            : by_snapshots(comm, block, count, columns, column_block);
  for (Index i = 0; i < count; ++i)
    fix_sign(&out.coefficients(i, 0), rows_of(block), out.modes.data() + i * width_of(block),
             width_of(block));
  return out;
}

}  // namespace starling::linalg
