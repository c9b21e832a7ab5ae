// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/block_balance.hpp"
#include "filters/entry.hpp"
#include "filters/inflation.hpp"
#include "filters/local_observations.hpp"
#include "filters/local_transform.hpp"
#include "filters/neighbours.hpp"
#include "filters/taper.hpp"
#include "filters/weight_grid.hpp"
#include "linalg/products.hpp"
#include "linalg/random_rotation.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace starling::filters {

/// What all filters of local analyses read.
struct LocalSettings {
  Localization localization;
  Index domain_points =
      1;  ///< successive dofs that share one analysis, those of their mean distance
  InflationSettings inflation = {};
  bool rotation = false;     ///< rotate the analysis anomalies at random, all columns alike
  Index weight_spacing = 1;  ///< points from one analysis to the next; weights between interpolated

  static Schema schema();
  static LocalSettings from(const Section& section);
};

/// A filter that analyses each domain, one dof or a few, with the observations near it (ott2004,
/// hunt2007): their error variances are divided by the taper at their distance. Domains are the
/// dofs [k g, (k + 1) g), g = domain_points; the distance of an observation is the mean over them.
/// Columns without observations near them stay as they are, but for the rotation, which all columns
/// share, and additive inflation.
///
/// With `weight_spacing` > 1 weights are computed on a coarse grid and interpolated (WeightGrid):
/// N^2 for each column and neighbouring coarse point, N times a column's cost for each of these.
///
/// Blocks of columns are analysed by ranks with less to do than their owners where the number of
/// observations near them is uneven (BlockBalance); bits don't depend on it.
///
/// Cost, for N members, n dofs, p observations of which p_l count in a domain, r ranks: O(p) to
/// sort, n / (g r) domains at the cost of the transform, N n / r to read and write. Each rank is
/// sent the observations near its columns: N p_l numbers beyond its own, typically at the edges of
/// its share. Memory of each rank: these, a few N x N and N x p_l matrices, and an eighth of its
/// columns to balance.
class LocalFilter : public Filter {
 public:
  Report analyse(const Analysis& analysis) final;
  Real bytes() const override;
  std::vector<Real> state() const override { return inflation_.state(); }
  void restore(const std::vector<Real>& state) override { inflation_.restore(state); }
  /// How evenly the last analysis was dealt.
  const BlockBalance& balance() const { return balance_; }

 protected:
  /// Collective on the context's communicator. Throws InputError for less than 2 members and for
  /// settings that can't be.
  LocalFilter(const FilterContext& context, const LocalSettings& settings,
              std::unique_ptr<LocalTransform> transform);

 private:
  void share_out();
  Index look_near(Index block);
  void mark(Index found);
  bool prepare(Index domain);
  void analyse_block(Index number, const BlockBalance::Block& block);
  bool analyse_column(Index dof, Real* x);
  bool interpolate_column(Index dof, Real* x);
  const WeightGrid::Weights& weights_at(Index dof);
  void rotate(const Analysis& analysis);
  Range columns_of(Index domain) const;
  Index usual_count() const;
  void reserve(Index observations);

  FilterContext context_;
  LocalSettings settings_;
  Inflation inflation_;
  std::unique_ptr<LocalTransform> transform_;
  Neighbours neighbours_;
  LocalObservations observations_;
  BlockBalance balance_;
  std::optional<WeightGrid> grid_;
  std::vector<Place> centre_;  // of analyses in hand
  std::vector<Index> cost_;    // of my blocks
  std::vector<char> wanted_;
  linalg::Matrix local_;  // S and d near the domain
  std::vector<Real> weight_, last_weight_, buffer_, before_, anomalies_, shared_;
  std::vector<Index> number_, last_number_;
  Index prepared_ = -1, last_count_ = -1;
  bool seen_ = false;
  std::optional<linalg::RandomRotation> rotation_;
  std::optional<linalg::RowCombination> combination_;
  linalg::Matrix turned_;
};

}  // namespace starling::filters
