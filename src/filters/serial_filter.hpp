// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/ensemble_update.hpp"
#include "filters/entry.hpp"
#include "filters/neighbours.hpp"
#include "filters/scalar_update.hpp"
#include "filters/taper.hpp"

#include <mpi.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

namespace starling::filters {

/// Filters that take one observation after another (whitaker2002, anderson2003, anderson2010). Each
/// changes its images in the members by a ScalarUpdate, and all members, and the images of the
/// observations still to come, follow by regression, times a taper of the distance to it.
///
/// Without localization the regressions are summed up in one N x N matrix, which then combines the
/// members: p N² · 6 flops on every rank, and 2 n N² / r. The square-root rule then has mean and
/// covariance of the ETKF.
///
/// With localization no rank waits for another one: the images are exchanged once, each rank
/// updates those that, directly or through others, act on its columns, and then its columns, 8 at a
/// time through all their observations in cache. Each column and image takes 4 N flops for each
/// observation within the support. In random order few images are needed besides those near the
/// rank's columns; in the order of the index nearly all before them may be.
///
/// Memory of each rank besides the ensemble: 2 p (N + 1) numbers.
class SerialFilter : public Filter {
 public:
  struct Options {
    ScalarUpdate::Rule rule = ScalarUpdate::Rule::square_root;
    bool random_order = false;  ///< of the observations, a new one at each analysis; else by index
    /// None: infinite support.
    Localization localization = {
        Taper(Taper::Shape::gaspari_cohn, std::numeric_limits<Real>::infinity())};
    InflationSettings inflation = {};
    bool rotation = false;  ///< rotate the analysis anomalies at random at every analysis
  };

  /// Collective on the context's communicator. Throws InputError for less than 2 members and for
  /// values that can't be.
  SerialFilter(const FilterContext& context, const Options& options);

  Report analyse(const Analysis& analysis) override;
  Real bytes() const override;
  std::vector<Real> state() const override { return update_.inflation().state(); }
  void restore(const std::vector<Real>& state) override { update_.inflation().restore(state); }

  static FilterEntry square_root_entry();
  static FilterEntry rank_histogram_entry();

 private:
  // An observation near what is being updated, by its turn.
  struct Near {
    Index turn, observation;
    Real distance;
  };
  static constexpr Index lanes = 8;  // columns that are updated together

  Real* images(Index observation) { return images_.data() + observation * stride_; }
  Real* step(Index observation) { return steps_.data() + observation * stride_; }

  void gather(const Analysis& analysis);
  void put_in_order(const Analysis& analysis);
  void update_globally(const Analysis& analysis);
  void update_locally(const Analysis& analysis);
  void mark_needed(const Analysis& analysis);
  void find(const Place& centre, Index before);
  void update_image(const Analysis& analysis, Index observation);
  void update_columns(const Analysis& analysis, Index first, Index count);

  MPI_Comm comm_;
  Index members_, stride_, first_column_;
  std::uint64_t seed_;
  ScalarUpdate rule_;
  bool random_order_, local_;
  Taper taper_;
  std::function<Place(Index)> place_;
  EnsembleUpdate update_;
  std::unique_ptr<Neighbours> neighbours_;
  std::vector<Real> images_, steps_, mine_;  // a row an observation: N anomalies, then d
  std::vector<Index> order_, turn_;          // observation by turn, turn by observation
  std::vector<char> needed_, acts_;
  std::vector<Near> near_;
  std::vector<Real> current_, sums_, columns_, background_, weights_;
  std::vector<Index> slot_;
  std::vector<int> counts_, displacements_;
};

}  // namespace starling::filters
