// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <mpi.h>

#include <cstdint>
#include <string>
#include <vector>

namespace starling::filters {

/// How many offspring n_i each of N particles with normalised weights w_i gets. All have
/// sum of n_i = N and E[n_i] = N w_i (douc2005); they differ in the variance.
enum class Resampler {
  multinomial,  ///< N independent draws (gordon1993)
  residual,     ///< floor(N w_i) each, independent draws for the rest (liu1998)
  stratified,   ///< one draw in each of N equal parts of the weights in a row (kitagawa1996)
  systematic,   ///< one number for all parts (kitagawa1996): |n_i - N w_i| < 1
};

/// The resampler of a name: "multinomial", "residual", "stratified" or "systematic".
Resampler resampler(const std::string& name);

/// Draws offspring of particles that are dealt to ranks. Weights become multiples of 2^-62, whose
/// sums are exact in any order: a rank knows from one prefix sum over the ranks where its particles
/// lie among all, and offspring are counted in whole numbers, the same for any number of ranks.
///
/// With N particles on r ranks: stratified and systematic take O(N / r) operations, multinomial and
/// residual O(N + N log(N) / r), because every rank goes through all the draws; nobody holds them.
/// Messages: one prefix sum of a few numbers.
class Resampling {
 public:
  /// Collective on `comm`.
  Resampling(MPI_Comm comm, Index particles, Range owned, std::uint64_t seed, Resampler kind);

  /// counts[i] = n_i of my particle i for normalised `weights` of mine. Random numbers:
  /// Purpose::resampling at (0, cycle). Collective; allocates nothing.
  void draw(std::int64_t* counts, const Real* weights, Index cycle);

  /// The same for `offspring` < N in all instead of N, by independent draws: what is left when some
  /// places are taken. Only for multinomial.
  void draw_some(std::int64_t* counts, const Real* weights, Index cycle, Index offspring);

  Real bytes() const;

 private:
  __extension__ using Wide = unsigned __int128;

  void by_strata(std::int64_t* counts, std::uint64_t before, Index cycle) const;
  std::uint64_t scale(const Real* weights);
  void by_draws(std::int64_t* counts, Index cycle, Index offspring);
  Wide sum_before(Wide mine, Wide& total) const;

  MPI_Comm comm_;
  Index particles_, count_;
  std::uint64_t seed_;
  Resampler kind_;
  std::uint64_t total_ = 0;             // of the weights in units of 2^-62
  std::vector<std::uint64_t> weights_;  // of mine
  std::vector<Wide> ends_;              // of the parts of my particles among the draws
};

}  // namespace starling::filters
