// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/entry.hpp"
#include "filters/inflation.hpp"
#include "filters/local_observations.hpp"
#include "filters/local_transform.hpp"
#include "filters/neighbours.hpp"
#include "filters/taper.hpp"
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
  bool rotation = false;  ///< rotate the analysis anomalies at random, all columns alike

  static Schema schema();
  static LocalSettings from(const Section& section);
};

/// A filter that analyses each domain, one dof or a few, with the observations near it (ott2004,
/// hunt2007): their error variances are divided by the taper at their distance. Domains are the
/// dofs [k g, (k + 1) g), g = domain_points; the distance of an observation is the mean over them.
/// Columns without observations near them stay as they are, but for the rotation, which all columns
/// share, and additive inflation.
///
/// Cost, for N members, n dofs, p observations of which p_l count in a domain, r ranks: O(p) to
/// sort, n / (g r) domains at the cost of the transform, N n / r to read and write. Each rank is
/// sent the observations near its columns: N p_l numbers beyond its own, typically at the edges of
/// its share. Memory of each rank: these, and a few N x N and N x p_l matrices.
class LocalFilter : public Filter {
 public:
  Report analyse(const Analysis& analysis) final;
  Real bytes() const override;
  std::vector<Real> state() const override { return inflation_.state(); }
  void restore(const std::vector<Real>& state) override { inflation_.restore(state); }

 protected:
  /// Collective on the context's communicator. Throws InputError for less than 2 members and for
  /// settings that can't be.
  LocalFilter(const FilterContext& context, const LocalSettings& settings,
              std::unique_ptr<LocalTransform> transform);

 private:
  void mark();
  bool prepare(Index domain);
  void analyse_block(const Analysis& analysis, Index first, Index count);
  void rotate(const Analysis& analysis);
  Range columns_of(Index domain) const;

  FilterContext context_;
  LocalSettings settings_;
  Inflation inflation_;
  std::unique_ptr<LocalTransform> transform_;
  Neighbours neighbours_;
  LocalObservations observations_;
  std::vector<Place> place_;  // of my columns, from the first dof of the first domain they touch
  Index first_place_;
  std::vector<char> wanted_;
  linalg::Matrix local_;  // S and d near the domain
  std::vector<Real> weight_, last_weight_, buffer_, before_, anomalies_;
  std::vector<Index> number_, last_number_;
  Index prepared_ = -1, last_count_ = -1;
  bool seen_ = false;
  std::optional<linalg::RandomRotation> rotation_;
  std::optional<linalg::RowCombination> combination_;
  linalg::Matrix turned_;
};

}  // namespace starling::filters
