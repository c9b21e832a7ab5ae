// SPDX-License-Identifier: BSD-3-Clause
#include "filters/particle_weights.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace starling::filters {

ParticleWeights::ParticleWeights(MPI_Comm comm, Range owned)
    : comm_(comm),
      count_(owned.size()),
      sums_(comm, blocks_of(owned, particle_block), 2),
      linear_(static_cast<std::size_t>(owned.size())) {}

// out[0, 2) = sum over the particles of all ranks of the two numbers term(i, numbers) writes.
template <class F>
void ParticleWeights::sum(Real* out, const F& term) {
  for (Index first = 0; first < count_; first += particle_block) {
    Real* block = sums_.next();
    block[0] = block[1] = 0;
    for (Index i = first; i < std::min(first + particle_block, count_); ++i) {
      Real numbers[2];
      term(i, numbers);
      block[0] += numbers[0];
      block[1] += numbers[1];
    }
    sums_.add();
  }
  sums_.finish(out);
}

Real ParticleWeights::normalise(Real* log_weights) {
  Real largest = -std::numeric_limits<Real>::infinity();
  for (Index i = 0; i < count_; ++i) largest = std::max(largest, log_weights[i]);
  if (size_of(comm_) > 1)
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, comm_));
  if (!std::isfinite(largest)) return largest;
  Real total[2];
  sum(total, [&](Index i, Real* numbers) {
    numbers[0] = std::exp(log_weights[i] - largest);
    numbers[1] = 0;
  });
  const Real log_sum = largest + std::log(total[0]);
  for (Index i = 0; i < count_; ++i) log_weights[i] -= log_sum;
  return log_sum;
}

Real ParticleWeights::renormalise(Real* log_weights, Index cycle) {
  const Real log_sum = normalise(log_weights);
  if (!std::isfinite(log_sum))
    throw NumericalError(fmt::format(
        "analysis {}: the weights of all particles vanish: no forecast is near the observations",
        cycle));
  return log_sum;
}

Real ParticleWeights::tempered_size(const Real* log_weights, Real temperature) {
  Real total[2];
  sum(total, [&](Index i, Real* numbers) {
    numbers[0] = std::exp(log_weights[i] / temperature);
    numbers[1] = numbers[0] * numbers[0];
  });
  return total[0] * total[0] / total[1];
}

Real ParticleWeights::entropy(const Real* log_weights) {
  Real total[2];
  sum(total, [&](Index i, Real* numbers) {
    const Real w = std::exp(log_weights[i]);
    numbers[0] = w > 0 ? -w * log_weights[i] : 0;
    numbers[1] = 0;
  });
  return total[0];
}

const Real* ParticleWeights::linear(const Real* log_weights) {
  for (Index i = 0; i < count_; ++i)
    linear_[static_cast<std::size_t>(i)] = std::exp(log_weights[i]);
  return linear_.data();
}

}  // namespace starling::filters
