// SPDX-License-Identifier: BSD-3-Clause
#include "io/agree.hpp"

#include "core/process_grid.hpp"

#include <exception>

namespace starling::io {
namespace {

// Codes on the wire, besides those of ExitCode.
constexpr int law_broken = -1;

[[noreturn]] void raise(int code, const std::string& what) {
  switch (code) {
    case static_cast<int>(ExitCode::bad_input): throw InputError(what);
    case static_cast<int>(ExitCode::numerical): throw NumericalError(what);
    case static_cast<int>(ExitCode::io): throw IoError(what);
    default: throw LogicError(what);
  }
}

// Throws on every rank what `source` says, if its code is not 0.
void share(MPI_Comm comm, int source, int code, std::string what) {
  STARLING_MPI(MPI_Bcast(&code, 1, MPI_INT, source, comm));
  if (code == 0) return;
  share_text(comm, what, source);
  raise(code, what);
}

}  // namespace

void on_root(MPI_Comm comm, const std::function<void()>& work) {
  int code = 0;
  std::string what;
  if (rank_of(comm) == 0) {
    try {
      work();
    } catch (const Error& error) {
      code = static_cast<int>(error.code());
      what = error.what();
    } catch (const std::exception& error) {
      code = law_broken;
      what = error.what();
    }
  }
  share(comm, 0, code, what);
}

void share_text(MPI_Comm comm, std::string& text, int source) {
  auto length = static_cast<unsigned long>(text.size());
  STARLING_MPI(MPI_Bcast(&length, 1, MPI_UNSIGNED_LONG, source, comm));
  text.resize(length);
  STARLING_MPI(MPI_Bcast(text.data(), static_cast<int>(length), MPI_CHAR, source, comm));
}

void together(MPI_Comm comm, const std::function<void()>& work) {
  std::string failure;
  try {
    work();
  } catch (const IoError& error) {
    failure = error.what();
  }
  agree(comm, failure);
}

void agree(MPI_Comm comm, const std::string& failure) {
  const int none = size_of(comm);
  int lowest = failure.empty() ? none : rank_of(comm);
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &lowest, 1, MPI_INT, MPI_MIN, comm));
  if (lowest < none) share(comm, lowest, static_cast<int>(ExitCode::io), failure);
}

}  // namespace starling::io
