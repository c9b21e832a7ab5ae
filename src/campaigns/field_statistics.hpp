// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/common_output.hpp"
#include "core/process_grid.hpp"
#include "core/tree_sum.hpp"
#include "diagnostics/measurable.hpp"
#include "ensemble/ensemble.hpp"
#include "io/checkpoint.hpp"
#include "io/series_file.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace starling::campaigns {

/// Probability densities and structure functions of the components of the state and of chosen
/// derived fields, over all points, members and outputs:
///
///     p(s), s = (v - <v>) / sqrt(<(v - <v>)^2>) with the means of each member at each output,
///     S_n(r) = <|v(x + r) - v(x)|^n> along x, n = 2, 3, 4 (frisch1995, chapter 8),
///
/// r from one to half the points along x, in steps of about sqrt(2). /statistics/NAME/density and
/// /statistics/NAME/structure_function [n][r]. Values beyond the outermost bins are counted there.
class FieldStatistics {
 public:
  static constexpr Index bins = 161;  ///< of s, from -end to end
  static constexpr Real end = 10.0625;
  static constexpr std::array<int, 3> orders = {2, 3, 4};

  /// Declares its datasets. Everything is borrowed. Collective.
  FieldStatistics(const ProcessGrid& processes, diagnostics::Measurable& model,
                  const ensemble::Ensemble& ensemble, const Domain& domain, io::SeriesFile& file,
                  const std::vector<std::string>& derived);

  /// The members as they are, after Ensemble::update_members. Collective.
  void add();
  /// Writes all of it. Collective.
  void finish();

  void save(io::CheckpointWriter& file);
  void load(const io::Checkpoint& file);

 private:
  struct Field {
    Index derived;  ///< which of the derived fields; -1: the component `number`
    Index number;
    io::Fixed density, structure;
  };
  void add_field(Real* structure, std::int64_t* counts, const Real* values) const;
  std::vector<Real> all_counts() const;

  const ProcessGrid* processes_;
  diagnostics::Measurable* model_;
  const ensemble::Ensemble* ensemble_;
  io::SeriesFile* file_;
  Index line_, points_ = 0, all_points_;
  std::vector<Index> separations_;  // [points]
  Real spacing_;
  std::vector<Field> fields_;
  io::Fixed bins_{}, separation_{};
  std::vector<Real> derived_;          // all derived fields of one member
  std::vector<std::int64_t> counts_;   // [field][bin], of this rank
  TreeSum sums_;                       // of one output
  std::vector<Real> now_, structure_;  // [field][order][separation], of an output and of all
  std::int64_t added_ = 0;
};

}  // namespace starling::campaigns
