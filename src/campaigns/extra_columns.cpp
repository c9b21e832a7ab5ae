// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/extra_columns.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace starling::campaigns {
namespace {

constexpr int reals = 4;  // of Four

}  // namespace

Range grid_points_of(Range share, Index values) {
  return {std::min(share.begin, values), std::min(share.end, values)};
}

ExtraColumns::ExtraColumns(const ProcessGrid& processes, std::vector<ExtraColumn> columns,
                           Index first, Range share, std::uint64_t seed)
    : comm_(processes.members()), columns_(std::move(columns)), seed_(seed) {
  const int groups = processes.groups();
  const auto extras = static_cast<Index>(columns_.size());
  const auto of = [&](Range dealt) {
    return Range{std::max<Index>(dealt.begin - first, 0), std::max<Index>(dealt.end - first, 0)};
  };
  mine_ = of(share);
  offset_ = first + mine_.begin - share.begin;
  own_.resize(static_cast<std::size_t>(mine_.size()));
  all_.resize(columns_.size());
  int before = 0;
  for (int g = 0; g < groups; ++g) {
    counts_.push_back(reals *
                      static_cast<int>(of(deal(first + extras, groups, g, dof_block)).size()));
    displacements_.push_back(before);
    before += counts_.back();
  }
  for (Moments* each : {&moments_.background, &moments_.analysis})
    *each = {std::vector<Real>(columns_.size()), std::vector<Real>(columns_.size())};
}

void ExtraColumns::background(ConstRows shared) {
  for (Index i = 0; i < mine_.size(); ++i) {
    Four& own = own_[static_cast<std::size_t>(i)];
    measure(own.background_mean, own.background_spread, shared, i);
  }
}

void ExtraColumns::analysis(Rows shared, Index n, bool observed) {
  if (empty()) return;
  for (Index i = 0; i < mine_.size(); ++i) {
    if (observed) inflate(shared, i);
    Four& own = own_[static_cast<std::size_t>(i)];
    measure(own.analysis_mean, own.analysis_spread, shared, i);
    const Index number = mine_.begin + i;
    const Real noise = columns_[static_cast<std::size_t>(number)].random_walk;
    for (Index m = 0; m < rows_of(shared) && noise > 0; ++m)
      shared(m, offset_ + i) +=
          noise * Stream(seed_, Purpose::random_walk, static_cast<std::uint64_t>(m),
                         static_cast<std::uint64_t>(n))
                      .normal(static_cast<std::uint64_t>(number));
  }
  STARLING_MPI(MPI_Allgatherv(own_.data(), reals * static_cast<int>(own_.size()), MPI_DOUBLE,
                              all_.data(), counts_.data(), displacements_.data(), MPI_DOUBLE,
                              comm_));
  for (std::size_t i = 0; i < all_.size(); ++i) {
    moments_.background.mean[i] = all_[i].background_mean;
    moments_.background.spread[i] = all_[i].background_spread;
    moments_.analysis.mean[i] = all_[i].analysis_mean;
    moments_.analysis.spread[i] = all_[i].analysis_spread;
  }
}

void ExtraColumns::measure(Real& mean, Real& spread, ConstRows shared, Index column) const {
  const ExtraColumn& what = columns_[static_cast<std::size_t>(mine_.begin + column)];
  const Index members = rows_of(shared);
  Real sum = 0, squares = 0;
  for (Index m = 0; m < members; ++m) sum += what.value(shared(m, offset_ + column));
  mean = sum / static_cast<Real>(members);
  for (Index m = 0; m < members; ++m) {
    const Real anomaly = what.value(shared(m, offset_ + column)) - mean;
    squares += anomaly * anomaly;
  }
  spread = members < 2 ? 0 : std::sqrt(squares / static_cast<Real>(members - 1));
}

// Of z, which is what the filter sees.
void ExtraColumns::inflate(Rows shared, Index column) const {
  const ExtraColumn& what = columns_[static_cast<std::size_t>(mine_.begin + column)];
  const Index members = rows_of(shared), j = offset_ + column;
  if ((what.inflation == 1 && what.min_spread == 0) || members < 2) return;
  Real mean = 0, squares = 0;
  for (Index m = 0; m < members; ++m) mean += shared(m, j);
  mean /= static_cast<Real>(members);
  for (Index m = 0; m < members; ++m) squares += (shared(m, j) - mean) * (shared(m, j) - mean);
  const Real spread = what.inflation * std::sqrt(squares / static_cast<Real>(members - 1));
  Real factor = what.inflation;
  if (spread > 0 && spread < what.min_spread) factor *= what.min_spread / spread;
  for (Index m = 0; m < members; ++m) shared(m, j) += (factor - 1) * (shared(m, j) - mean);
}

void start_extra_columns(Real* member, const std::vector<ExtraColumn>& columns, Index first,
                         std::uint64_t seed, Index number) {
  const Stream stream(seed, Purpose::extra_column, static_cast<std::uint64_t>(number), 0);
  for (std::size_t i = 0; i < columns.size(); ++i)
    member[first + static_cast<Index>(i)] =
        columns[i].z(columns[i].mean) + columns[i].std * stream.normal(i);
}

}  // namespace starling::campaigns
