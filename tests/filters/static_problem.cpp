// SPDX-License-Identifier: BSD-3-Clause
#include "filters/static_problem.hpp"

#include "core/random.hpp"

#include <algorithm>

namespace starling::filters {

using linalg::Matrix;

StaticProblem::StaticProblem(Index members, Index dofs, Index observations, Index rank,
                             std::uint64_t seed)
    : problem(members, dofs, observations),
      h(observations, dofs),
      mean(static_cast<std::size_t>(dofs)),
      observed_mean(static_cast<std::size_t>(observations)),
      roots(rank, dofs),
      observed_roots(rank, observations) {
  problem = random_problem(members, dofs, observations, seed, &h);
  Stream(seed, Purpose::climatology, 0, 0).normals(mean.data(), dofs);
  for (Index k = 0; k < rank; ++k)
    Stream(seed, Purpose::climatology, static_cast<std::uint64_t>(1 + k), 0)
        .normals(roots.row(k), dofs);
  for (Index i = 0; i < observations; ++i)
    for (Index j = 0; j < dofs; ++j) {
      observed_mean[static_cast<std::size_t>(i)] += h(i, j) * mean[static_cast<std::size_t>(j)];
      for (Index k = 0; k < rank; ++k) observed_roots(k, i) += h(i, j) * roots(k, j);
    }
}

Matrix StaticProblem::covariance(Real factor) const {
  Matrix out(roots.columns(), roots.columns());
  for (Index k = 0; k < roots.rows(); ++k)
    for (Index i = 0; i < out.rows(); ++i)
      for (Index j = 0; j < out.rows(); ++j) out(i, j) += factor * roots(k, i) * roots(k, j);
  return out;
}

StaticAnalysis analyse(const StaticProblem& whole, const MakeFilter& make, MPI_Comm comm) {
  const Problem& problem = whole.problem;
  const auto [dofs, observations] = fair_share(problem, comm);
  const auto part = [](const Matrix& from, Range columns) {
    Array<Real**> out("part", static_cast<std::size_t>(from.rows()),
                      static_cast<std::size_t>(columns.size()));
    for (Index m = 0; m < from.rows(); ++m)
      std::copy_n(from.row(m) + columns.begin, columns.size(), out.data() + m * columns.size());
    return out;
  };
  const Array<Real**> ensemble = part(problem.ensemble, dofs),
                      observed = part(problem.observed, observations),
                      roots = part(whole.roots, dofs),
                      observed_roots = part(whole.observed_roots, observations);
  const StaticCovariance climatology{whole.mean.data() + dofs.begin, roots,
                                     whole.observed_mean.data() + observations.begin,
                                     observed_roots};
  const auto filter = make({.comm = comm,
                            .members = problem.members(),
                            .observations = observations.size(),
                            .seed = 1,
                            .columns = dofs,
                            .dofs = problem.dofs(),
                            .climatology = whole.roots.rows()});
  const Analysis analysis{.ensemble = ensemble,
                          .observed = observed,
                          .value = problem.value.data() + observations.begin,
                          .variance = problem.variance.data() + observations.begin,
                          .first_observation = observations.begin,
                          .observations = problem.observations(),
                          .cycle = 2,
                          .climatology = &climatology};
  auto* gaussian = dynamic_cast<GaussianFilter*>(filter.get());
  const auto n = static_cast<std::size_t>(problem.dofs());
  StaticAnalysis result{Matrix(problem.members(), problem.dofs()), std::vector<Real>(n),
                        std::vector<Real>(n)};
  if (gaussian != nullptr)
    std::copy_n(gaussian->background(analysis).deviation, dofs.size(),
                result.background_deviation.data() + dofs.begin);
  filter->analyse(analysis);
  if (gaussian != nullptr)
    std::copy_n(gaussian->analysed(analysis).deviation, dofs.size(),
                result.deviation.data() + dofs.begin);
  for (Index m = 0; m < problem.members(); ++m)
    std::copy_n(ensemble.data() + m * dofs.size(), dofs.size(),
                result.ensemble.row(m) + dofs.begin);
  // Others bring zeros, and x + 0 is x.
  MPI_Allreduce(MPI_IN_PLACE, result.ensemble.row(0),
                static_cast<int>(result.ensemble.rows() * result.ensemble.stride()), MPI_DOUBLE,
                MPI_SUM, comm);
  for (auto* each : {&result.background_deviation, &result.deviation})
    MPI_Allreduce(MPI_IN_PLACE, each->data(), static_cast<int>(n), MPI_DOUBLE, MPI_SUM, comm);
  return result;
}

}  // namespace starling::filters
