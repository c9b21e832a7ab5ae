// SPDX-License-Identifier: BSD-3-Clause
#include "filters/problem.hpp"

#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "linalg/dense.hpp"

#include <algorithm>

namespace starling::filters {

using linalg::Matrix;

Problem::Problem(Index members, Index dofs, Index observations)
    : ensemble(members, dofs),
      observed(members, observations),
      value(static_cast<std::size_t>(observations)),
      variance(static_cast<std::size_t>(observations), 1.0),
      geometry{1, {static_cast<Real>(dofs), 0, 0}, 0} {
  for (Index i = 0; i < observations; ++i) {
    const Real share = static_cast<Real>(i) / static_cast<Real>(observations);
    places.push_back({{share * static_cast<Real>(dofs), 0, 0}, 0, false});
  }
}

Problem random_problem(Index members, Index dofs, Index observations, std::uint64_t seed,
                       Matrix* h) {
  Problem problem(members, dofs, observations);
  const auto stream = [seed](std::uint64_t number) {
    return Stream(seed, Purpose::initial_perturbation, number, 0);
  };
  for (Index m = 0; m < members; ++m) {
    stream(static_cast<std::uint64_t>(m)).normals(problem.ensemble.row(m), dofs);
    for (Index j = 0; j < dofs; ++j) problem.ensemble(m, j) += 3;
  }
  const Stream operators = stream(1000), values = stream(1001), errors = stream(1002);
  for (Index i = 0; i < observations; ++i) {
    for (Index j = 0; j < dofs; ++j) {
      const Real weight = operators.normal(static_cast<std::uint64_t>(i * dofs + j));
      if (h != nullptr) (*h)(i, j) = weight;
      for (Index m = 0; m < members; ++m) problem.observed(m, i) += weight * problem.ensemble(m, j);
    }
    const auto o = static_cast<std::size_t>(i);
    problem.value[o] = 3 + values.normal(o);
    problem.variance[o] = 0.5 + 1.5 * errors.uniform(o);
  }
  return problem;
}

Share fair_share(const Problem& problem, MPI_Comm comm) {
  const int ranks = size_of(comm), rank = rank_of(comm);
  return {deal(problem.dofs(), ranks, rank, dof_block),
          deal(problem.observations(), ranks, rank, observation_block)};
}

FilterContext context_of(const Problem& problem, MPI_Comm comm, const Share& share,
                         std::uint64_t seed) {
  return {.comm = comm,
          .members = problem.members(),
          .observations = share.observations.size(),
          .seed = seed,
          .columns = share.dofs,
          .dofs = problem.dofs(),
          .all_observations = problem.observations(),
          .geometry = problem.geometry,
          .place = [](Index dof) {
            return Place{{static_cast<Real>(dof), 0, 0}, 0, false};
          }};
}

Analysis analysis_of(const Problem& problem, Rows ensemble, ConstRows observed, const Share& share,
                     Index cycle) {
  return {.ensemble = ensemble,
          .observed = observed,
          .value = problem.value.data() + share.observations.begin,
          .variance = problem.variance.data() + share.observations.begin,
          .first_observation = share.observations.begin,
          .observations = problem.observations(),
          .cycle = cycle,
          .places = problem.places.data(),
          .all_variance = problem.variance.data()};
}

Matrix analyse(const Problem& problem, const MakeFilter& make, MPI_Comm comm, const Share& share,
               Index cycle, std::uint64_t seed) {
  const auto n = static_cast<std::size_t>(problem.members());
  const auto [dofs, observations] = share;
  Array<Real**> ensemble("ensemble", n, static_cast<std::size_t>(dofs.size()));
  Array<Real**> observed("observed", n, static_cast<std::size_t>(observations.size()));
  for (Index m = 0; m < problem.members(); ++m) {
    for (Index j = 0; j < dofs.size(); ++j) ensemble(m, j) = problem.ensemble(m, dofs.begin + j);
    for (Index i = 0; i < observations.size(); ++i)
      observed(m, i) = problem.observed(m, observations.begin + i);
  }
  const auto filter = make(context_of(problem, comm, share, seed));
  filter->analyse(analysis_of(problem, ensemble, observed, share, cycle));

  // Everyone's columns into one matrix: others bring zeros, and x + 0 is x.
  Matrix analysis(problem.members(), problem.dofs());
  for (Index m = 0; m < problem.members(); ++m)
    for (Index j = 0; j < dofs.size(); ++j) analysis(m, dofs.begin + j) = ensemble(m, j);
  MPI_Allreduce(MPI_IN_PLACE, analysis.row(0),
                static_cast<int>(analysis.rows() * analysis.stride()), MPI_DOUBLE, MPI_SUM, comm);
  return analysis;
}

Matrix analyse(const Problem& problem, const MakeFilter& make, Index cycle, std::uint64_t seed) {
  return analyse(problem, make, MPI_COMM_SELF, fair_share(problem, MPI_COMM_SELF), cycle, seed);
}

std::vector<Real> mean(const Matrix& ensemble) {
  std::vector<Real> out(static_cast<std::size_t>(ensemble.columns()));
  for (Index j = 0; j < ensemble.columns(); ++j) {
    Real& sum = out[static_cast<std::size_t>(j)];
    for (Index m = 0; m < ensemble.rows(); ++m) sum += ensemble(m, j);
    sum /= static_cast<Real>(ensemble.rows());
  }
  return out;
}

Matrix covariance(const Matrix& ensemble) {
  const auto centre = mean(ensemble);
  const Index n = ensemble.columns();
  Matrix out(n, n);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) {
      for (Index m = 0; m < ensemble.rows(); ++m)
        out(i, j) += (ensemble(m, i) - centre[static_cast<std::size_t>(i)]) *
                     (ensemble(m, j) - centre[static_cast<std::size_t>(j)]);
      out(i, j) /= static_cast<Real>(ensemble.rows() - 1);
    }
  return out;
}

Kalman kalman(const std::vector<Real>& mean, const Matrix& p, const Matrix& h,
              const std::vector<Real>& value, const std::vector<Real>& variance) {
  const Index n = p.rows(), observations = h.rows();
  Matrix gain(n, observations), innovation_covariance(observations, observations);
  for (Index i = 0; i < n; ++i)
    for (Index o = 0; o < observations; ++o)
      for (Index j = 0; j < n; ++j) gain(i, o) += p(i, j) * h(o, j);
  for (Index a = 0; a < observations; ++a) {
    for (Index b = 0; b < observations; ++b)
      for (Index i = 0; i < n; ++i) innovation_covariance(a, b) += h(a, i) * gain(i, b);
    innovation_covariance(a, a) += variance[static_cast<std::size_t>(a)];
  }
  linalg::divide_by_positive(gain, innovation_covariance);

  Kalman out{mean, Matrix(n, n), gain};
  for (Index o = 0; o < observations; ++o) {
    Real innovation = value[static_cast<std::size_t>(o)];
    for (Index j = 0; j < n; ++j) innovation -= h(o, j) * mean[static_cast<std::size_t>(j)];
    for (Index i = 0; i < n; ++i) out.mean[static_cast<std::size_t>(i)] += gain(i, o) * innovation;
  }
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) {
      out.covariance(i, j) = p(i, j);
      for (Index o = 0; o < observations; ++o)
        for (Index k = 0; k < n; ++k) out.covariance(i, j) -= gain(i, o) * h(o, k) * p(k, j);
    }
  return out;
}

}  // namespace starling::filters
