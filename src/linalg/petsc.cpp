// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/petsc.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace starling::linalg::petsc {

namespace detail {

void failed(PetscErrorCode code, const char* call) {
  const char* text = nullptr;
  char* specific = nullptr;
  PetscErrorMessage(code, &text, &specific);
  throw NumericalError(fmt::format("{}: {} (PETSc error {}) {}", call, text ? text : "error",
                                   static_cast<int>(code), specific ? specific : ""));
}

}  // namespace detail

Session::Session(MPI_Comm comm) {
  PetscBool open = PETSC_FALSE;
  SlepcInitialized(&open);
  if (open) return;
  PETSC_COMM_WORLD = comm;
  STARLING_PETSC(PetscOptionsSetValue(nullptr, "-no_signal_handler", "true"));
  STARLING_PETSC(PetscOptionsSetValue(nullptr, "-skip_petscrc", "true"));
  STARLING_PETSC(SlepcInitialize(nullptr, nullptr, nullptr, nullptr));
  mine_ = true;
  // Errors are thrown, not printed.
  STARLING_PETSC(PetscPushErrorHandler(PetscReturnErrorHandler, nullptr));
}

Session::~Session() {
  if (!mine_) return;
  PetscPopErrorHandler();
  SlepcFinalize();
}

std::shared_ptr<const Session> own_session() {
  static std::weak_ptr<const Session> open;
  auto session = open.lock();
  if (!session) open = session = std::make_shared<const Session>(MPI_COMM_SELF);
  return session;
}

SingularVectors leading_singular_vectors(MPI_Comm comm, ConstRows block, Index count) {
  const Session session(comm);
  const auto rows = static_cast<PetscInt>(rows_of(block));
  const auto width = static_cast<PetscInt>(width_of(block));
  const auto wanted = static_cast<PetscInt>(count);

  // A block of rows is the transposed matrix column by column: PETSc deals its rows to the ranks.
  MatrixHandle matrix;
  STARLING_PETSC(MatCreateDense(comm, width, PETSC_DECIDE, PETSC_DETERMINE, rows,
                                const_cast<PetscScalar*>(block.data()), matrix.out()));
  SvdHandle svd;
  STARLING_PETSC(SVDCreate(comm, svd.out()));
  STARLING_PETSC(SVDSetOperators(svd, matrix, nullptr));
  STARLING_PETSC(SVDSetType(svd, SVDTRLANCZOS));
  STARLING_PETSC(SVDSetImplicitTranspose(svd, PETSC_TRUE));
  STARLING_PETSC(SVDSetWhichSingularTriplets(svd, SVD_LARGEST));
  STARLING_PETSC(SVDSetDimensions(svd, wanted, PETSC_DEFAULT, PETSC_DEFAULT));
  STARLING_PETSC(SVDSetTolerances(svd, 1e-13, PETSC_DEFAULT));
  STARLING_PETSC(SVDSolve(svd));
  PetscInt converged = 0;
  STARLING_PETSC(SVDGetConverged(svd, &converged));
  if (converged < wanted)
    throw NumericalError(fmt::format("SLEPc found {} of {} singular vectors", converged, wanted));

  VectorHandle coefficients, mode, everywhere;
  ScatterHandle scatter;
  STARLING_PETSC(MatCreateVecs(matrix, coefficients.out(), mode.out()));
  STARLING_PETSC(VecScatterCreateToAll(coefficients, scatter.out(), everywhere.out()));
  const auto n = static_cast<std::size_t>(count);
  SingularVectors out{std::vector<Real>(n), Array<Real**>("modes", n, block.extent(1)),
                      Array<Real**>("coefficients", n, block.extent(0))};
  for (PetscInt i = 0; i < wanted; ++i) {
    STARLING_PETSC(SVDGetSingularTriplet(svd, i, &out.values[static_cast<std::size_t>(i)], mode,
                                         coefficients));
    STARLING_PETSC(
        VecScatterBegin(scatter, coefficients, everywhere, INSERT_VALUES, SCATTER_FORWARD));
    STARLING_PETSC(
        VecScatterEnd(scatter, coefficients, everywhere, INSERT_VALUES, SCATTER_FORWARD));
    const PetscScalar* values = nullptr;
    STARLING_PETSC(VecGetArrayRead(everywhere, &values));
    std::copy_n(values, rows, out.coefficients.data() + i * rows);
    STARLING_PETSC(VecRestoreArrayRead(everywhere, &values));
    STARLING_PETSC(VecGetArrayRead(mode, &values));
    std::copy_n(values, width, out.modes.data() + i * width);
    STARLING_PETSC(VecRestoreArrayRead(mode, &values));
  }
  return out;
}

}  // namespace starling::linalg::petsc
