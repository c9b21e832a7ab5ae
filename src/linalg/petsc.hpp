// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "linalg/singular_vectors.hpp"

#include <mpi.h>
#include <petscmat.h>
#include <petscvec.h>
#include <slepcsvd.h>

#include <memory>
#include <utility>

/// PETSc and SLEPc; this header is there only in builds with them (STARLING_HAVE_PETSC).
namespace starling::linalg::petsc {

/// PETSc and SLEPc between initialisation and finalisation. Neither sees the command line, a
/// .petscrc or a signal; the variable PETSC_OPTIONS is read. One within another does nothing.
class Session {
 public:
  /// Collective on `comm`, which must not end before the session.
  explicit Session(MPI_Comm comm);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

 private:
  bool mine_ = false;
};

/// The session of what is this rank's alone, such as the matrices of a model: open while anybody
/// has it. Not collective.
std::shared_ptr<const Session> own_session();

/// Owner of a PETSc object: Handle<Mat, MatDestroy> a; MatCreate(comm, a.out()).
template <class Object, PetscErrorCode (*destroy)(Object*)>
class Handle {
 public:
  Handle() = default;
  Handle(Handle&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Handle() {
    if (object_ != nullptr) destroy(&object_);
  }

  operator Object() const { return object_; }
  /// Where a PETSc function puts a new object; the handle must be empty.
  Object* out() { return &object_; }

 private:
  Object object_ = nullptr;
};

using VectorHandle = Handle<Vec, VecDestroy>;
using MatrixHandle = Handle<Mat, MatDestroy>;
using ScatterHandle = Handle<VecScatter, VecScatterDestroy>;
using SvdHandle = Handle<SVD, SVDDestroy>;

/// linalg::leading_singular_vectors by SLEPc, but for the signs; the matrix is used where it lies.
/// Opens a Session if none is open.
SingularVectors leading_singular_vectors(MPI_Comm comm, ConstRows block, Index count);

namespace detail {
[[noreturn]] void failed(PetscErrorCode code, const char* call);
}

}  // namespace starling::linalg::petsc

/// Throws NumericalError naming the call if PETSc returns an error.
#define STARLING_PETSC(call)                                                 \
  do {                                                                       \
    const PetscErrorCode starling_petsc_code = (call);                       \
    if (starling_petsc_code != 0)                                            \
      ::starling::linalg::petsc::detail::failed(starling_petsc_code, #call); \
  } while (false)
