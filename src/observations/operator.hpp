// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/columns.hpp"
#include "core/types.hpp"
#include "observations/batch.hpp"
#include "observations/product_sums.hpp"
#include "observations/spectral_points.hpp"

#include <mpi.h>

#include <string>
#include <vector>

namespace starling::observations {

/// H of one batch: what each member would observe, each observation by its kind
/// (observations/kinds.hpp). Most begin with linear interpolation, in one dimension between the two
/// grid points around location j, across the seam of a periodic domain,
///     (H x)_j = (1 - w_j) x_{i_j} + w_j x_{i_j + 1},
/// in two between four (bilinear), in three between eight; at a grid point it is the value there,
/// bit for bit. Row by row: members do not see each other.
class Operator {
 public:
  /// For batches of up to `max_size` observations without allocation, of members of which all
  /// grid-point values are here.
  Operator(const Domain& domain, Index max_size);
  /// For members that the ranks of `space` share, `values` being the grid-point values here.
  /// `space` is borrowed.
  Operator(const Domain& domain, Index max_size, const Columns& values, MPI_Comm space);

  const Domain& domain() const { return domain_; }
  /// Room for larger batches.
  void reserve(Index max_size);

  /// Makes H for the locations of `batch`; `source` is where it comes from, for messages. Throws
  /// InputError for a location outside the domain, a component that it does not have, a kind that
  /// nobody knows and an extent that cannot be. Allocates nothing for batches like those that were
  /// there before. Local.
  void set(const Batch& batch, const std::string& source);

  /// Observations of the present batch.
  Index size() const { return size_; }
  /// Whether H is a matrix for the present batch.
  bool linear() const { return functions_.empty(); }

  /// out = H members: rows x size() from rows x the values here, or more. Collective on `space` if
  /// that has several ranks: all bring their part of the same members, and all have all of `out`.
  /// The parts are added in the order of the ranks, so that other rows change no bit of a row.
  /// Allocates nothing for as many rows as there were before.
  void apply(Rows out, ConstRows members) const;

 private:
  struct Function {
    Index observation;
    Real (*of)(Real);
  };
  void set_points(const Batch& batch);
  void add_point(const Batch& batch, Index j);
  void set_kinds(const Batch& batch, const std::string& source);
  void apply_points(Rows out, ConstRows members) const;
  void add_parts(Rows out) const;

  Domain domain_;
  MPI_Comm space_;
  int ranks_;   // of space
  Index here_;  // grid-point values
  bool whole_;  // all of them
  Index size_ = 0;
  bool on_points_ = true;    // all weights are 0
  bool is_identity_ = true;  // ... and observation j is value j
  bool summed_ = false;      // points by sums_, not by what follows
  Array<Index*> left_, right_;
  Array<Real*> weight_;
  Array<Index*>::HostMirror left_host_, right_host_;
  Array<Real*>::HostMirror weight_host_;
  SpectralPoints spectral_;
  ProductSums sums_;
  std::vector<Function> functions_;  // of samples
  mutable std::vector<Real> parts_, gathered_;
};

}  // namespace starling::observations
