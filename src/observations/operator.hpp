// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "observations/batch.hpp"
#include "observations/box_averages.hpp"
#include "observations/spectral_points.hpp"

#include <string>
#include <vector>

namespace starling::observations {

/// H of one batch: what each member would observe, each observation by its kind
/// (observations/kinds.hpp). Most begin with linear interpolation between the two grid points
/// around location j, across the seam of a periodic domain,
///     (H x)_j = (1 - w_j) x_{i_j} + w_j x_{i_j + 1};
/// at a grid point it is the value there, bit for bit. Row by row: members do not see each other.
/// Local.
class Operator {
 public:
  /// For batches of up to `max_size` observations without allocation.
  Operator(const Domain& domain, Index max_size);

  const Domain& domain() const { return domain_; }
  /// Room for larger batches.
  void reserve(Index max_size);

  /// Makes H for the locations of `batch`; `source` is where it comes from, for messages. Throws
  /// InputError for a location outside the domain, a kind that nobody knows and an extent that
  /// cannot be. Allocates nothing for batches like those that were there before.
  void set(const Batch& batch, const std::string& source);

  /// Observations of the present batch.
  Index size() const { return size_; }
  /// Whether H is a matrix for the present batch.
  bool linear() const { return functions_.empty(); }

  /// out = H members: rows x size() from rows x domain().points or more.
  void apply(Rows out, ConstRows members) const;

 private:
  struct Function {
    Index observation;
    Real (*of)(Real);
  };
  void set_points(const Batch& batch);
  void set_kinds(const Batch& batch, const std::string& source);
  void apply_points(Rows out, ConstRows members) const;

  Domain domain_;
  Index size_ = 0;
  bool on_points_ = true;    // all weights are 0
  bool is_identity_ = true;  // ... and observation j is point j
  Array<Index*> left_, right_;
  Array<Real*> weight_;
  Array<Index*>::HostMirror left_host_, right_host_;
  Array<Real*>::HostMirror weight_host_;
  SpectralPoints spectral_;
  BoxAverages averages_;
  std::vector<Function> functions_;  // of samples
};

}  // namespace starling::observations
