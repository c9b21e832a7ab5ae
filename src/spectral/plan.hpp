// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <mpi.h>

#include <memory>
#include <string>

namespace starling::spectral {

/// How FFTW chooses its algorithm. `estimate` gives the same bits in every run, whatever was
/// planned before. `measured` may be faster, and repeats a run's bits only with the wisdom that was
/// stored with it.
enum class Planning { estimate, measured };

/// One complex transform of `points` values in a row, unnormalised: forward e^{-ikx}, inverse
/// e^{+ikx}. Executes out of place on rows aligned like a Kokkos allocation plus whole rows, leaves
/// its input alone and allocates nothing (FFTW's plans in place may).
class Plan {
 public:
  enum class Direction { forward, inverse };
  Plan(Index points, Direction direction, Planning planning);
  ~Plan();
  Plan(Plan&&) noexcept;
  Plan& operator=(Plan&&) noexcept;

  void execute(Complex* out, const Complex* in) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Rank 0's measured plans become everybody's: rank 0 reads `file` if it exists before planning ...
void read_wisdom(const std::string& file);
/// ... and after planning writes it (atomically) and sends it to all ranks of `comm`, which plan
/// from it. Collective.
void share_wisdom(const std::string& file, MPI_Comm comm);

}  // namespace starling::spectral
