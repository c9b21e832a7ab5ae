// SPDX-License-Identifier: BSD-3-Clause
#include "filters/particles.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {

WeightedEnsemble analyse(const Problem& problem, const MakeParticleFilter& make, MPI_Comm comm,
                         Index cycle, std::uint64_t seed) {
  const Index n = problem.members(), dofs = problem.dofs(), p = problem.observations();
  const Range owned = deal(n, size_of(comm), rank_of(comm), 2);
  const auto mine = static_cast<std::size_t>(owned.size());
  Array<Real**> particles("particles", mine, static_cast<std::size_t>(dofs)),
      observed("observed", mine, static_cast<std::size_t>(p));
  for (Index i = 0; i < owned.size(); ++i) {
    std::copy_n(problem.ensemble.row(owned.begin + i), dofs, particles.data() + i * dofs);
    std::copy_n(problem.observed.row(owned.begin + i), p, observed.data() + i * p);
  }
  std::vector<Real> log_weights(mine, -std::log(static_cast<Real>(n)));
  std::vector<std::int64_t> parents(mine);
  const auto filter = make({comm, n, owned, dofs, p, seed});
  const ParticleAnalysis analysis{
      particles, log_weights.data(), observed, problem.value.data(), problem.variance.data(),
      cycle,     parents.data()};
  // The forecasts are the members too: there is no noise yet.
  Array<Real**> forecasts("forecasts", mine, static_cast<std::size_t>(dofs));
  Kokkos::deep_copy(forecasts, particles);
  WeightedEnsemble all{linalg::Matrix(n, dofs),
                       std::vector<Real>(static_cast<std::size_t>(n)),
                       std::vector<std::int64_t>(static_cast<std::size_t>(n)),
                       {}};
  const Report ahead = filter->looks_ahead() ? filter->look_ahead(analysis, {forecasts}) : Report{};
  all.report = filter->weigh(analysis);
  all.report.copies = ahead.copies;
  filter->resample(analysis, all.report);
  for (int r = 0; r < size_of(comm); ++r) {
    const Range theirs = deal(n, size_of(comm), r, 2);
    for (Index m = theirs.begin; m < theirs.end; ++m) {
      if (r == rank_of(comm)) {
        const Index i = m - owned.begin;
        std::copy_n(particles.data() + i * dofs, dofs, all.particles.row(m));
        all.log_weights[static_cast<std::size_t>(m)] = log_weights[static_cast<std::size_t>(i)];
        all.parents[static_cast<std::size_t>(m)] = parents[static_cast<std::size_t>(i)];
      }
      STARLING_MPI(MPI_Bcast(all.particles.row(m), static_cast<int>(dofs), MPI_DOUBLE, r, comm));
      STARLING_MPI(
          MPI_Bcast(&all.log_weights[static_cast<std::size_t>(m)], 1, MPI_DOUBLE, r, comm));
      STARLING_MPI(MPI_Bcast(&all.parents[static_cast<std::size_t>(m)], 1, MPI_INT64_T, r, comm));
    }
  }
  return all;
}

std::vector<Real> mean(const WeightedEnsemble& ensemble) {
  std::vector<Real> result(static_cast<std::size_t>(ensemble.particles.columns()));
  for (Index m = 0; m < ensemble.particles.rows(); ++m)
    for (std::size_t j = 0; j < result.size(); ++j)
      result[j] += std::exp(ensemble.log_weights[static_cast<std::size_t>(m)]) *
                   ensemble.particles(m, static_cast<Index>(j));
  return result;
}

}  // namespace starling::filters
