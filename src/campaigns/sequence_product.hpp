// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "datasets/manifest.hpp"
#include "datasets/product.hpp"
#include "datasets/settings.hpp"

#include <string>
#include <utility>
#include <vector>

namespace starling::campaigns {

/// What a row of data assimilation is published as.
struct SequenceContext {
  const datasets::Row& row;
  const datasets::Settings& settings;
  Domain grid;
  Index members;
  std::string folder;
  std::string title, reference, resolved;
  std::uint64_t seed;
  std::vector<std::pair<std::string, Real>> parameters;
};

/// From the result file and the observation file of an assimilation the files of its row: of each
/// component c of the state, at each analysis time,
///
///     truth_c, background_c, background_spread_c, analysis_c, analysis_spread_c,
///     observation_c (at the grid point that is nearest, 0 where there is none), observation_mask_c
///
/// with scores and time as scalars; and, if settings.members, a data set of the members after the
/// analysis, a trajectory each. For one rank. Throws InputError, IoError.
std::vector<datasets::FileRecord> publish_sequence(const SequenceContext& context,
                                                   const std::string& results,
                                                   const std::string& observations);

/// Single-precision numbers of what it would write for so many analyses [bytes].
Real bytes_of_sequence(const datasets::Settings& settings, const Domain& grid, Index members,
                       Index cycles);

}  // namespace starling::campaigns
