// SPDX-License-Identifier: BSD-3-Clause
#include "filters/resampling.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {
namespace {

__extension__ using Wide = unsigned __int128;

// floor(u n) for the uniform u = bits / 2^64.
std::uint64_t part(std::uint64_t bits, std::uint64_t n) {
  return static_cast<std::uint64_t>((static_cast<Wide>(bits) * n) >> 64);
}

}  // namespace

Resampler resampler(const std::string& name) {
  if (name == "multinomial") return Resampler::multinomial;
  if (name == "residual") return Resampler::residual;
  if (name == "stratified") return Resampler::stratified;
  require(name == "systematic",
          "resampling is '{}'; allowed: multinomial, residual, stratified, systematic", name);
  return Resampler::systematic;
}

Resampling::Resampling(MPI_Comm comm, Index particles, Range owned, std::uint64_t seed,
                       Resampler kind)
    : comm_(comm),
      particles_(particles),
      count_(owned.size()),
      seed_(seed),
      kind_(kind),
      weights_(static_cast<std::size_t>(owned.size())) {
  require(particles < (Index{1} << 31), "{} particles; allowed: less than 2^31", particles);
  if (kind == Resampler::multinomial || kind == Resampler::residual) ends_.resize(weights_.size());
}

// The sum over the ranks before this one, and over all. MPI adds two halves of at most 2^31 terms.
Resampling::Wide Resampling::sum_before(Wide mine, Wide& total) const {
  total = mine;
  if (size_of(comm_) == 1) return 0;
  constexpr int half = 48;
  const std::uint64_t halves[2] = {static_cast<std::uint64_t>(mine & ((Wide{1} << half) - 1)),
                                   static_cast<std::uint64_t>(mine >> half)};
  std::uint64_t before[2] = {0, 0}, all[2];
  STARLING_MPI(MPI_Exscan(halves, before, 2, MPI_UINT64_T, MPI_SUM, comm_));
  STARLING_MPI(MPI_Allreduce(halves, all, 2, MPI_UINT64_T, MPI_SUM, comm_));
  total = (static_cast<Wide>(all[1]) << half) + all[0];
  return rank_of(comm_) == 0 ? Wide{0} : (static_cast<Wide>(before[1]) << half) + before[0];
}

// Weights in units of 2^-62; returns the sum of those of the ranks before.
std::uint64_t Resampling::scale(const Real* weights) {
  Wide mine = 0, total = 0;
  for (Index i = 0; i < count_; ++i) {
    auto& weight = weights_[static_cast<std::size_t>(i)];
    weight = static_cast<std::uint64_t>(std::llround(std::min(weights[i], 1.0) * 0x1.0p62));
    mine += weight;
  }
  const auto before = static_cast<std::uint64_t>(sum_before(mine, total));
  total_ = static_cast<std::uint64_t>(total);
  STARLING_ASSERT(total_ > 0);
  return before;
}

void Resampling::draw_some(std::int64_t* counts, const Real* weights, Index cycle,
                           Index offspring) {
  STARLING_ASSERT(kind_ == Resampler::multinomial);
  scale(weights);
  by_draws(counts, cycle, offspring);
}

void Resampling::draw(std::int64_t* counts, const Real* weights, Index cycle) {
  const std::uint64_t before = scale(weights);
  if (ends_.empty() && (kind_ == Resampler::stratified || kind_ == Resampler::systematic)) {
    by_strata(counts, before, cycle);
  } else {
    by_draws(counts, cycle, particles_);
  }
}

// Point k of N is at (k W + t_k) / N, 0 <= t_k < W, W the sum of all weights. The points below the
// weight C are the strata that lie below it whole, and the point of the one it cuts where that is
// below; all in integers.
void Resampling::by_strata(std::int64_t* counts, std::uint64_t before, Index cycle) const {
  const Stream stream(seed_, Purpose::resampling, 0, static_cast<std::uint64_t>(cycle));
  const bool one = kind_ == Resampler::systematic;
  const std::uint64_t common = part(stream.bits(0), total_);
  const auto points_below = [&](std::uint64_t weight) {
    const Wide scaled = static_cast<Wide>(weight) * static_cast<Wide>(particles_);
    const auto stratum = static_cast<std::uint64_t>(scaled / total_);
    const auto rest = static_cast<std::uint64_t>(scaled % total_);
    if (rest == 0) return static_cast<std::int64_t>(stratum);
    const std::uint64_t point = one ? common : part(stream.bits(stratum), total_);
    return static_cast<std::int64_t>(stratum) + (point < rest ? 1 : 0);
  };
  std::int64_t below = points_below(before);
  for (Index i = 0; i < count_; ++i) {
    before += weights_[static_cast<std::size_t>(i)];
    const std::int64_t up_to = points_below(before);
    counts[i] = up_to - below;
    below = up_to;
  }
}

// M draws on [0, M W), of which particle i has a part: all of its N w_i (N the offspring), or what
// floor leaves of it. In units of 1 / N of a weight the parts add up to M W exactly, M = N or the
// offspring that are left.
void Resampling::by_draws(std::int64_t* counts, Index cycle, Index offspring) {
  const bool residual = kind_ == Resampler::residual;
  Wide mine = 0, total = 0;
  for (Index i = 0; i < count_; ++i) {
    const Wide scaled =
        static_cast<Wide>(weights_[static_cast<std::size_t>(i)]) * static_cast<Wide>(offspring);
    counts[i] = residual ? static_cast<std::int64_t>(scaled / total_) : 0;
    mine += residual ? scaled % total_ : scaled;
    ends_[static_cast<std::size_t>(i)] = mine;
  }
  const Wide before = sum_before(mine, total);
  const auto draws = static_cast<std::uint64_t>(total / total_);
  const Stream stream(seed_, Purpose::resampling, 0, static_cast<std::uint64_t>(cycle));
  for (std::uint64_t k = 0; k < draws; ++k) {
    const Wide at = static_cast<Wide>(part(stream.bits(2 * k), draws)) * total_ +
                    part(stream.bits(2 * k + 1), total_);
    if (at < before || at >= before + mine) continue;
    const auto owner = std::upper_bound(ends_.begin(), ends_.end(), at - before);
    ++counts[owner - ends_.begin()];
  }
}

Real Resampling::bytes() const {
  return 8 * static_cast<Real>(weights_.size()) + 16 * static_cast<Real>(ends_.size());
}

}  // namespace starling::filters
