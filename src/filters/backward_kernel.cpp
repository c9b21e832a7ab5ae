// SPDX-License-Identifier: BSD-3-Clause
#include "filters/backward_kernel.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace starling::filters {
namespace {

constexpr Real infinity = std::numeric_limits<Real>::infinity();
// Above all Gumbel numbers: uniforms end at 1 - 2^-54.
constexpr Real largest_gumbel = 38;

Real gumbel(Real uniform) { return -std::log(-std::log(uniform)); }

}  // namespace

BackwardKernel::BackwardKernel(const ParticleContext& context, const TransitionDensity& density,
                               Index payload, Index draws)
    : context_(context),
      density_(&density),
      payload_(payload),
      draws_(draws),
      shares_(static_cast<std::size_t>(size_of(context.comm))),
      best_(static_cast<std::size_t>(std::max<Index>(draws, 1) * context.owned.size())),
      total_(static_cast<std::size_t>(context.owned.size())) {
  const long mine[2] = {context.owned.begin, context.owned.end};
  std::vector<long> all(2 * shares_.size());
  STARLING_MPI(MPI_Allgather(mine, 2, MPI_LONG, all.data(), 2, MPI_LONG, context.comm));
  Index widest = 0;
  for (std::size_t r = 0; r < shares_.size(); ++r) {
    shares_[r] = {all[2 * r], all[2 * r + 1]};
    widest = std::max(widest, shares_[r].size());
  }
  buffer_.resize(static_cast<std::size_t>(widest * (context.dofs + 1 + payload)));
}

Real BackwardKernel::bytes() const {
  return 8 * static_cast<Real>(buffer_.size() + best_.size() + total_.size());
}

// Every rank sees the blocks in the order of the particles, so that sums have one order and ties
// one winner.
template <class Visit>
void BackwardKernel::for_each_block(const Generation& mine, const Visit& visit) {
  const int me = rank_of(context_.comm);
  for (std::size_t r = 0; r < shares_.size(); ++r) {
    const Index count = shares_[r].size();
    if (count == 0) continue;
    Real* forecasts = buffer_.data();
    Real* weights = forecasts + count * context_.dofs;
    Real* payload = weights + count;
    if (static_cast<int>(r) == me) {
      std::copy_n(mine.forecasts.data(), mine.forecasts.size(), forecasts);
      if (mine.log_weights != nullptr) std::copy_n(mine.log_weights, count, weights);
      std::copy_n(mine.payload.data(), mine.payload.size(), payload);
    }
    if (shares_.size() > 1)
      STARLING_MPI(MPI_Bcast(buffer_.data(),
                             static_cast<int>(count * (context_.dofs + 1 + payload_)), MPI_DOUBLE,
                             static_cast<int>(r), context_.comm));
    visit(Block{shares_[r].begin, count, forecasts, weights, payload});
  }
}

// best_ holds -infinity where nothing was found.
void BackwardKernel::require_ancestors(Index step) const {
  int lost = std::any_of(best_.begin(), best_.end(), [](Real x) { return !(x > -infinity); });
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &lost, 1, MPI_INT, MPI_MAX, context_.comm));
  if (lost != 0)
    throw NumericalError(fmt::format(
        "smoothing at analysis {}: no particle could have led to one of the next; more particles "
        "or a larger model_error.std help",
        step));
}

void BackwardKernel::draw(Rows out, ConstRows to, const Generation& from, Index step) {
  const Index n = context_.dofs;
  std::fill(best_.begin(), best_.end(), -infinity);
  for_each_block(from, [&](const Block& block) {
    for (Index i = 0; i < rows_of(to); ++i) {
      const Stream stream(context_.seed, Purpose::backward_sampling,
                          static_cast<std::uint64_t>(context_.owned.begin + i),
                          static_cast<std::uint64_t>(step));
      Real* best = best_.data() + i * draws_;
      for (Index k = 0; k < block.count; ++k) {
        const Real log_p = block.log_weights[k] +
                           density_->log_density(block.forecasts + k * n, to.data() + i * n, n);
        for (Index d = 0; d < draws_; ++d) {
          if (!(log_p + largest_gumbel > best[d])) continue;
          const Index j = block.first + k;
          const Real key =
              log_p + gumbel(stream.uniform(static_cast<std::uint64_t>(draws_ * j + d)));
          if (!(key > best[d])) continue;
          best[d] = key;
          std::copy_n(block.payload + k * payload_, payload_,
                      out.data() + (i * draws_ + d) * payload_);
        }
      }
    }
  });
  require_ancestors(step);
}

void BackwardKernel::average(Rows out, ConstRows to, const Generation& from, Index step) {
  const Index n = context_.dofs;
  const Index rows = rows_of(to);
  // The largest logarithm first, so that the second pass cannot underflow.
  std::fill(best_.begin(), best_.end(), infinity);
  std::fill_n(best_.begin(), rows, -infinity);
  const auto log_p = [&](const Block& block, Index k, Index i) {
    return block.log_weights[k] +
           density_->log_density(block.forecasts + k * n, to.data() + i * n, n);
  };
  for_each_block(from, [&](const Block& block) {
    for (Index i = 0; i < rows; ++i)
      for (Index k = 0; k < block.count; ++k)
        best_[static_cast<std::size_t>(i)] =
            std::max(best_[static_cast<std::size_t>(i)], log_p(block, k, i));
  });
  require_ancestors(step);
  std::fill_n(out.data(), out.size(), 0.0);
  std::fill(total_.begin(), total_.end(), 0.0);
  for_each_block(from, [&](const Block& block) {
    for (Index i = 0; i < rows; ++i)
      for (Index k = 0; k < block.count; ++k) {
        const Real p = std::exp(log_p(block, k, i) - best_[static_cast<std::size_t>(i)]);
        total_[static_cast<std::size_t>(i)] += p;
        for (Index c = 0; c < payload_; ++c) out(i, c) += p * block.payload[k * payload_ + c];
      }
  });
  for (Index i = 0; i < rows; ++i)
    for (Index c = 0; c < payload_; ++c) out(i, c) /= total_[static_cast<std::size_t>(i)];
}

void BackwardKernel::fetch(Rows out, const std::int64_t* parents, ConstRows payload) {
  const ConstRows nothing = make_rows(static_cast<const Real*>(nullptr), 0, context_.dofs);
  for_each_block({nothing, nullptr, payload}, [&](const Block& block) {
    for (Index i = 0; i < rows_of(out); ++i)
      if (const Index k = parents[i] - block.first; 0 <= k && k < block.count)
        std::copy_n(block.payload + k * payload_, payload_, out.data() + i * payload_);
  });
}

}  // namespace starling::filters
