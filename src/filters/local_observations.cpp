// SPDX-License-Identifier: BSD-3-Clause
#include "filters/local_observations.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace starling::filters {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

void grow(std::vector<Real>& buffer, Index size) {
  if (static_cast<Index>(buffer.size()) < size) buffer.resize(at(size));
}

}  // namespace

LocalObservations::LocalObservations(const FilterContext& context)
    : comm_(context.comm),
      ranks_(size_of(context.comm)),
      width_(context.members + 1),
      own_(at(context.observations * width_)),
      rows_(&own_),
      slot_(at(context.all_observations)) {
  for (auto* list : {&ask_counts_, &asked_counts_, &ask_at_, &asked_at_}) list->resize(at(ranks_));
  ask_.reserve(slot_.size());
  ranges_.resize(at(ranks_) * 2);
}

void LocalObservations::collect(const Analysis& analysis, const std::vector<char>& wanted) {
  whiten(analysis);
  if (ranks_ > 1) {
    exchange(analysis, wanted);
    return;
  }
  for (Index i = 0; i < analysis.observations; ++i) slot_[at(i)] = i;
}

// The rows of my observations, a strip of them at a time.
void LocalObservations::whiten(const Analysis& analysis) {
  constexpr Index strip = 32;
  const Index count = width_of(analysis.observed), members = width_ - 1;
  const Real share = 1 / static_cast<Real>(members);
  grow(own_, count * width_);
  int finite = 1;
  std::array<Real, strip> mean, precision;
  for (Index begin = 0; begin < count; begin += strip) {
    const Index here = std::min(strip, count - begin);
    mean.fill(0);
    for (Index m = 0; m < members; ++m) {
      const Real* x = analysis.observed.data() + m * count + begin;
      for (Index i = 0; i < here; ++i) mean[at(i)] += x[i];
    }
    for (Index i = 0; i < here; ++i) {
      mean[at(i)] *= share;
      precision[at(i)] = 1 / std::sqrt(analysis.variance[begin + i]);
    }
    Real* rows = own_.data() + begin * width_;
    for (Index m = 0; m < members; ++m) {
      const Real* x = analysis.observed.data() + m * count + begin;
      for (Index i = 0; i < here; ++i)
        rows[i * width_ + m] = (x[i] - mean[at(i)]) * precision[at(i)];
    }
    for (Index i = 0; i < here; ++i) {
      Real* row = rows + i * width_;
      row[members] = (analysis.value[begin + i] - mean[at(i)]) * precision[at(i)];
      Real sum = 0;
      for (Index m = 0; m <= members; ++m) sum += 0 * row[m];
      if (!(sum == 0)) finite = 0;
    }
  }
  if (ranks_ > 1) STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &finite, 1, MPI_INT, MPI_MIN, comm_));
  if (finite == 0)
    throw NumericalError(
        fmt::format("analysis {}: observations, their error variances, or the background's spread "
                    "over them are not finite",
                    analysis.cycle));
}

void LocalObservations::exchange(const Analysis& analysis, const std::vector<char>& wanted) {
  const long mine[2] = {static_cast<long>(analysis.first_observation),
                        static_cast<long>(width_of(analysis.observed))};
  STARLING_MPI(MPI_Allgather(mine, 2, MPI_LONG, ranges_.data(), 2, MPI_LONG, comm_));
  // Whom I ask for what: numbers within the owner's share.
  ask_.clear();
  for (int r = 0; r < ranks_; ++r) {
    ask_at_[at(r)] = static_cast<int>(ask_.size());
    const Index first = ranges_[at(2 * r)], count = ranges_[at(2 * r + 1)];
    for (Index i = 0; i < count; ++i) {
      if (wanted[at(first + i)] == 0) continue;
      slot_[at(first + i)] = static_cast<Index>(ask_.size());
      ask_.push_back(static_cast<int>(i));
    }
    ask_counts_[at(r)] = static_cast<int>(ask_.size()) - ask_at_[at(r)];
  }
  STARLING_MPI(
      MPI_Alltoall(ask_counts_.data(), 1, MPI_INT, asked_counts_.data(), 1, MPI_INT, comm_));
  int total = 0;
  for (int r = 0; r < ranks_; ++r) {
    asked_at_[at(r)] = total;
    total += asked_counts_[at(r)];
  }
  if (static_cast<int>(asked_.size()) < total) asked_.resize(at(total));
  STARLING_MPI(MPI_Alltoallv(ask_.data(), ask_counts_.data(), ask_at_.data(), MPI_INT,
                             asked_.data(), asked_counts_.data(), asked_at_.data(), MPI_INT,
                             comm_));
  grow(sent_, total * width_);
  grow(received_, static_cast<Index>(ask_.size()) * width_);
  for (int k = 0; k < total; ++k)
    std::copy_n(own_.data() + asked_[at(k)] * width_, width_, sent_.data() + k * width_);
  MPI_Datatype row = MPI_DATATYPE_NULL;
  STARLING_MPI(MPI_Type_contiguous(static_cast<int>(width_), MPI_DOUBLE, &row));
  STARLING_MPI(MPI_Type_commit(&row));
  STARLING_MPI(MPI_Alltoallv(sent_.data(), asked_counts_.data(), asked_at_.data(), row,
                             received_.data(), ask_counts_.data(), ask_at_.data(), row, comm_));
  STARLING_MPI(MPI_Type_free(&row));
  rows_ = &received_;
}

Real LocalObservations::bytes() const {
  return 8 * static_cast<Real>(own_.size() + sent_.size() + received_.size() + slot_.size());
}

}  // namespace starling::filters
