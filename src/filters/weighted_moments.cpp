// SPDX-License-Identifier: BSD-3-Clause
#include "filters/weighted_moments.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "filters/particle_weights.hpp"

#include <algorithm>

namespace starling::filters {
namespace {

// Below this, 1 - sum of w_i^2 is rounding.
constexpr Real degenerate = 1e-10;

// sums = sum over particles of what add(i, block) adds to a block of `width` zeros.
template <class F>
void sum_blocks(TreeSum& sums, Real* out, Index count, Index width, const F& add) {
  for (Index first = 0; first < count; first += particle_block) {
    Real* block = sums.next();
    std::fill_n(block, width, 0.0);
    for (Index i = first; i < std::min(first + particle_block, count); ++i) add(i, block);
    sums.add();
  }
  sums.finish(out);
}

Index pairs(Index width) { return width * (width + 1) / 2; }

}  // namespace

WeightedMoments::WeightedMoments(MPI_Comm comm, Range owned, Index width)
    : count_(owned.size()),
      width_(width),
      sums_(comm, blocks_of(owned, particle_block), width),
      result_(static_cast<std::size_t>(width)) {}

void WeightedMoments::evaluate(Real* mean, Real* variance, ConstRows mine, const Real* weights,
                               Real effective_size) {
  const Index width = width_of(mine);
  STARLING_ASSERT(rows_of(mine) == count_ && width <= width_);
  const Real* x = mine.data();
  const auto sum = [&](Real* out, const auto& term) {
    sum_blocks(sums_, result_.data(), count_, width_, [&](Index i, Real* block) {
      for (Index j = 0; j < width; ++j) block[j] += weights[i] * term(x[i * width + j], j);
    });
    std::copy_n(result_.data(), width, out);
  };
  sum(mean, [](Real value, Index) { return value; });
  sum(variance, [&](Real value, Index j) { return (value - mean[j]) * (value - mean[j]); });
  const Real rest = 1 - 1 / effective_size;
  for (Index j = 0; j < width; ++j) variance[j] = rest < degenerate ? 0 : variance[j] / rest;
}

WeightedCovariance::WeightedCovariance(MPI_Comm comm, Index particles, Range owned, Index width,
                                       Index other)
    : particles_(particles),
      count_(owned.size()),
      width_(width),
      most_(width + other),
      means_(comm, blocks_of(owned, particle_block), most_),
      products_(comm, blocks_of(owned, particle_block), pairs(most_)),
      mean_(static_cast<std::size_t>(most_)),
      sums_(static_cast<std::size_t>(pairs(most_))),
      anomaly_(static_cast<std::size_t>(most_)) {}

void WeightedCovariance::evaluate(linalg::Matrix& out, ConstRows x, ConstRows y,
                                  const Real* weights, Real effective_size) {
  const Index other = width_of(y), width = width_ + other;
  STARLING_ASSERT(rows_of(x) == count_ && width_of(x) == width_ && width <= most_);
  STARLING_ASSERT(out.rows() >= width && out.columns() >= width);
  const bool equal = 1 - 1 / effective_size < degenerate;
  const Real share = 1 / static_cast<Real>(particles_);
  const auto weight = [&](Index i) { return equal ? share : weights[i]; };
  const auto value = [&](Index i, Index j) {
    return j < width_ ? x.data()[i * width_ + j] : y.data()[i * other + j - width_];
  };
  sum_blocks(means_, mean_.data(), count_, most_, [&](Index i, Real* block) {
    const Real w = weight(i);
    for (Index j = 0; j < width; ++j) block[j] += w * value(i, j);
  });
  sum_blocks(products_, sums_.data(), count_, pairs(most_), [&](Index i, Real* block) {
    const Real w = weight(i);
    for (Index j = 0; j < width; ++j)
      anomaly_[static_cast<std::size_t>(j)] = value(i, j) - mean_[static_cast<std::size_t>(j)];
    const Real* a = anomaly_.data();
    for (Index j = 0; j < width; ++j) {
      const Real scaled = w * a[j];
      for (Index k = 0; k <= j; ++k) block[k] += scaled * a[k];
      block += j + 1;
    }
  });
  const Real rest = equal ? 1 - share : 1 - 1 / effective_size;
  const Real* sums = sums_.data();
  for (Index j = 0; j < width; ++j)
    for (Index k = 0; k <= j; ++k, ++sums)
      out(j, k) = out(k, j) = particles_ > 1 ? *sums / rest : 0;
}

Real WeightedCovariance::bytes() const {
  return 8 * static_cast<Real>(mean_.size() + sums_.size() + anomaly_.size());
}

}  // namespace starling::filters
