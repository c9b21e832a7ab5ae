// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "filters/entry.hpp"

#include <mpi.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

/// Deterministic analyses that other codes were run on: side x side points of a periodic plane,
/// every `every`-th of them observed in both directions, R = 0.25. Or, for problems of our own,
/// only those in the first `lines` lines.
namespace starling::filters::canonical {

using std::numbers::pi;

inline Real fraction(Real x) { return x - std::floor(x); }

/// f_k(i, j) = sum over m = 1..96 of a_m cos(2 pi p_m j / side + 2 pi q_m i / side + phi_km) with
/// p_m = 1 + (m - 1) mod 12, q_m = floor((m - 1) / 12) - 3, a_m = 1 / (1 + |(p_m, q_m)|), at points
/// i + side j. Field 0 is the truth.
inline void field(Real* out, Index side, Index k) {
  constexpr Index modes = 96;
  const auto angle = [side](Index turns) {
    return 2 * pi * static_cast<Real>(((turns % side) + side) % side) / static_cast<Real>(side);
  };
  std::fill_n(out, side * side, 0.0);
  std::vector<Real> cosine(static_cast<std::size_t>(side)), sine(cosine.size());
  for (Index m = 1; m <= modes; ++m) {
    const Index p = 1 + (m - 1) % 12, q = (m - 1) / 12 - 3;
    const Real amplitude = 1 / (1 + std::hypot(static_cast<Real>(p), static_cast<Real>(q)));
    const Real phase = 2 * pi *
                       fraction(0.6180339887498949 * static_cast<Real>(k) +
                                0.7548776662466927 * static_cast<Real>(m) +
                                0.5698402909980532 * static_cast<Real>(k * m));
    for (Index i = 0; i < side; ++i) {
      cosine[static_cast<std::size_t>(i)] = std::cos(angle(q * i));
      sine[static_cast<std::size_t>(i)] = std::sin(angle(q * i));
    }
    for (Index j = 0; j < side; ++j) {
      const Real c = amplitude * std::cos(angle(p * j) + phase);
      const Real s = amplitude * std::sin(angle(p * j) + phase);
      Real* row = out + j * side;
      for (std::size_t i = 0; i < cosine.size(); ++i) row[i] += c * cosine[i] - s * sine[i];
    }
  }
}

/// y = f_0 + 0.5 e_n at point number n = 1, 2, ...
inline Real observation_error(Index point) {
  const Real n = static_cast<Real>(point + 1);
  const Real u1 = fraction(0.5 + 0.7548776662466927 * n);
  const Real u2 = fraction(0.5 + 0.5698402909980532 * n);
  return 0.5 * std::sqrt(-2 * std::log(u1)) * std::cos(2 * pi * u2);
}

struct Scores {
  Real rmse, spread, mean, first;
};

/// This rank's share of one problem.
struct Problem {
  Problem(MPI_Comm ranks, Index points_on_a_side, Index size, Index every, Index lines = 0)
      : comm(ranks), side(points_on_a_side), members(size) {
    const int count = size_of(comm), rank = rank_of(comm);
    const Index points = side * side, observed_side = side / every;
    const Index observations = observed_side * ((lines > 0 ? lines : side) / every);
    dofs = deal(points, count, rank, dof_block);
    mine = deal(observations, count, rank, observation_block);
    std::vector<Index> where;
    for (Index o = 0; o < observations; ++o) {
      where.push_back(o / observed_side * every * side + o % observed_side * every);
      places.push_back(place(side, where.back()));
    }
    variance.assign(where.size(), 0.25);
    std::vector<Real> whole(static_cast<std::size_t>(points));
    const auto width = static_cast<std::size_t>(dofs.size());
    background = Array<Real**>("background", static_cast<std::size_t>(members), width);
    ensemble = Array<Real**>("ensemble", static_cast<std::size_t>(members), width);
    observed = Array<Real**>("observed", static_cast<std::size_t>(members),
                             static_cast<std::size_t>(mine.size()));
    for (Index k = 0; k <= members; ++k) {
      field(whole.data(), side, k);
      const auto at = [&](Index o) {
        return whole[static_cast<std::size_t>(where[static_cast<std::size_t>(o)])];
      };
      if (k == 0) {
        truth.assign(whole.begin() + dofs.begin, whole.begin() + dofs.end);
        for (std::size_t o = 0; o < where.size(); ++o)
          value.push_back(at(static_cast<Index>(o)) + observation_error(where[o]));
        continue;
      }
      std::copy(whole.begin() + dofs.begin, whole.begin() + dofs.end, &background(k - 1, 0));
      for (Index o = mine.begin; o < mine.end; ++o) observed(k - 1, o - mine.begin) = at(o);
    }
    reset();
  }

  static Place place(Index side, Index point) {
    return {{static_cast<Real>(point % side), static_cast<Real>(point / side), 0}, 0, false};
  }
  void reset() { std::copy_n(background.data(), background.size(), ensemble.data()); }

  FilterContext context() const {
    const Real length = static_cast<Real>(side);
    return {.comm = comm,
            .members = members,
            .observations = mine.size(),
            .seed = 1,
            .columns = dofs,
            .dofs = side * side,
            .all_observations = static_cast<Index>(places.size()),
            .geometry = {2, {length, length, 0}, 0},
            .place = [points = side](Index dof) { return place(points, dof); },
            .line = side};
  }
  Analysis analysis() const {
    return {.ensemble = ensemble,
            .observed = observed,
            .value = value.data() + mine.begin,
            .variance = variance.data() + mine.begin,
            .first_observation = mine.begin,
            .observations = static_cast<Index>(places.size()),
            .cycle = 0,
            .places = places.data(),
            .all_variance = variance.data()};
  }

  /// RMSE of the mean, spread, mean of the mean, rms of member 0. Collective.
  Scores score() const {
    std::array<Real, 4> sums{};
    const Real n = static_cast<Real>(members), points = static_cast<Real>(side * side);
    for (Index j = 0; j < dofs.size(); ++j) {
      Real mean = 0, squares = 0;
      for (Index m = 0; m < members; ++m) mean += ensemble(m, j) / n;
      for (Index m = 0; m < members; ++m) squares += std::pow(ensemble(m, j) - mean, 2);
      sums[0] += std::pow(mean - truth[static_cast<std::size_t>(j)], 2);
      sums[1] += squares / (n - 1);
      sums[2] += mean;
      sums[3] += std::pow(ensemble(0, j), 2);
    }
    MPI_Allreduce(MPI_IN_PLACE, sums.data(), 4, MPI_DOUBLE, MPI_SUM, comm);
    return {std::sqrt(sums[0] / points), std::sqrt(sums[1] / points), sums[2] / points,
            std::sqrt(sums[3] / points)};
  }

  MPI_Comm comm;
  Index side, members;
  Range dofs, mine;
  std::vector<Place> places;
  std::vector<Real> value, variance, truth;
  Array<Real**> background, ensemble, observed;
};

}  // namespace starling::filters::canonical
