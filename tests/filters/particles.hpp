// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "filters/particle_filter.hpp"
#include "filters/problem.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace starling::filters {

using MakeParticleFilter = std::function<std::unique_ptr<ParticleFilter>(const ParticleContext&)>;

/// What analyses of `problem` make of its members with equal weights; every rank gets all of it.
struct WeightedEnsemble {
  linalg::Matrix particles;
  std::vector<Real> log_weights;
  std::vector<std::int64_t> parents;
  Report report;
};

/// Analysis number `cycle` of a run with this seed by the ranks of `comm`. Collective.
WeightedEnsemble analyse(const Problem& problem, const MakeParticleFilter& make, MPI_Comm comm,
                         Index cycle = 0, std::uint64_t seed = 1);

/// Weighted mean of the rows.
std::vector<Real> mean(const WeightedEnsemble& ensemble);

}  // namespace starling::filters
