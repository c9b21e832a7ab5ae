// SPDX-License-Identifier: BSD-3-Clause
#include "filters/block_balance.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace starling::filters {
namespace {

constexpr Index most_rounds = 64;
constexpr Real worth_it = 1.05;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

BlockBalance::BlockBalance(MPI_Comm comm, Index members, Range columns, Index dofs)
    : comm_(comm),
      ranks_(size_of(comm)),
      rank_(rank_of(comm)),
      members_(members),
      blocks_((dofs + dof_block - 1) / dof_block),
      own_(blocks_of(columns, dof_block)) {
  if (ranks_ == 1) return;
  for (auto* list :
       {&counts_, &displacements_, &send_counts_, &send_at_, &receive_counts_, &receive_at_})
    list->resize(at(ranks_));
  in_.resize(at(ranks_ * most_rounds));
  out_.resize(in_.size());
  cost_.resize(at(blocks_));
  piece_.resize(at(blocks_));
  const int mine = static_cast<int>(own_.size());
  STARLING_MPI(MPI_Allgather(&mine, 1, MPI_INT, counts_.data(), 1, MPI_INT, comm));
  std::exclusive_scan(counts_.begin(), counts_.end(), displacements_.begin(), 0);
  first_.assign(displacements_.begin(), displacements_.end());
  first_.push_back(blocks_);
  const Index largest = *std::max_element(counts_.begin(), counts_.end());
  capacity_ = (largest + 15) / 16 + ranks_;
  sent_.resize(at(capacity_ * dof_block * members));
  received_.resize(sent_.size());
}

// Block b goes to the rank where the middle of its cost lies. A rank's rounds are equal in its cost
// plus its foreign blocks: many cheap ones must not all come at once.
void BlockBalance::divide(Index rounds) {
  rounds_ = rounds;
  const Real total = static_cast<Real>(std::accumulate(cost_.begin(), cost_.end(), Index{0}));
  const auto part = [](Real middle, Real of, Index parts) {
    return std::min(static_cast<Index>(middle / of * static_cast<Real>(parts)), parts - 1);
  };
  Real before = 0;
  for (Index b = 0; b < blocks_; ++b) {
    const Real cost = static_cast<Real>(cost_[at(b)]);
    piece_[at(b)] = static_cast<int>(part(before + cost / 2, total, ranks_));
    before += cost;
  }
  for (Index begin = 0, end = 0; begin < blocks_; begin = end) {
    const int rank = piece_[at(begin)];
    const auto foreign = [&](Index b) {
      return costs(b) && !(first_[at(rank)] <= b && b < first_[at(rank + 1)]);
    };
    Real cost = 0, visitors = 0;
    for (; end < blocks_ && piece_[at(end)] == rank; ++end) {
      cost += static_cast<Real>(cost_[at(end)]);
      visitors += foreign(end) ? 1 : 0;
    }
    Real done = 0;
    for (Index b = begin; b < end; ++b) {
      const Real share =
          (cost > 0 ? static_cast<Real>(cost_[at(b)]) / cost : 0) + (foreign(b) ? 1 / visitors : 0);
      const Index round = part(done + share / 2, visitors > 0 ? 2 : 1, rounds);
      piece_[at(b)] = static_cast<int>(rank * rounds + round);
      done += share;
    }
  }
}

// Over the mean.
Real BlockBalance::busiest(bool as_owned) const {
  Index most = 0, total = 0;
  for (int r = 0; r < ranks_; ++r) {
    const Range range = as_owned ? Range{first_[at(r)], first_[at(r + 1)]} : planned(r, 0);
    const Index sum =
        std::accumulate(cost_.begin() + range.begin, cost_.begin() + range.end, Index{0});
    most = std::max(most, sum);
    total += sum;
  }
  return static_cast<Real>(most) * static_cast<Real>(ranks_) / static_cast<Real>(total);
}

Range BlockBalance::planned(int rank, Index round) const {
  const auto [begin, end] =
      std::equal_range(piece_.begin(), piece_.end(), static_cast<int>(rank * rounds_ + round));
  return {begin - piece_.begin(), end - piece_.begin()};
}

Range BlockBalance::mine(Index round) const { return moves_ ? planned(rank_, round) : own_; }

// Whether what is on its way in any round has room.
bool BlockBalance::fits() {
  std::fill(in_.begin(), in_.end(), 0);
  std::fill(out_.begin(), out_.end(), 0);
  for (int owner = 0; owner < ranks_; ++owner)
    for (Index b = first_[at(owner)]; b < first_[at(owner + 1)]; ++b) {
      const Index rank = piece_[at(b)] / rounds_, round = piece_[at(b)] % rounds_;
      if (rank == owner || !costs(b)) continue;
      ++in_[at(rank * rounds_ + round)];
      ++out_[at(owner * rounds_ + round)];
    }
  const auto most = [](const std::vector<int>& counts) {
    return *std::max_element(counts.begin(), counts.end());
  };
  return std::max(most(in_), most(out_)) <= capacity_;
}

void BlockBalance::plan(const Index* cost) {
  if (ranks_ == 1) return;
  STARLING_MPI(MPI_Allgatherv(cost, counts_[at(rank_)], MPI_INT64_T, cost_.data(), counts_.data(),
                              displacements_.data(), MPI_INT64_T, comm_));
  moves_ = false;
  rounds_ = 1;
  owned_ = planned_ = 1;
  if (std::all_of(cost_.begin(), cost_.end(), [](Index each) { return each == 0; })) return;
  owned_ = planned_ = busiest(true);
  divide(1);
  const Real possible = busiest(false);
  if (possible * worth_it > owned_) return;
  for (Index rounds = 1; rounds <= most_rounds; rounds *= 2) {
    divide(rounds);
    if (!fits()) continue;
    moves_ = true;
    planned_ = possible;
    return;
  }
  rounds_ = 1;
}

void BlockBalance::copy(Index block, Rows ensemble, Real* packed, bool pack) const {
  const Index width = width_of(ensemble), first = (block - own_.begin) * dof_block;
  const Index count = std::min(dof_block, width - first);
  for (Index m = 0; m < members_; ++m) {
    Real* columns = ensemble.data() + m * width + first;
    if (pack)
      std::copy_n(columns, count, packed + m * dof_block);
    else
      std::copy_n(packed + m * dof_block, count, columns);
  }
}

// My blocks that others analyse in this round, in the order of the others; visit(rank, block).
template <class Visit>
void BlockBalance::for_each_sent(Index round, const Visit& visit) {
  for (int r = 0; r < ranks_; ++r) {
    if (r == rank_) continue;
    const Range theirs = planned(r, round);
    for (Index b = std::max(own_.begin, theirs.begin); b < std::min(own_.end, theirs.end); ++b)
      if (costs(b)) visit(r, b);
  }
}

void BlockBalance::fetch(Index round, Rows ensemble) {
  fetched_ = 0;
  if (!moves_) return;
  const int size = static_cast<int>(members_ * dof_block);
  std::fill(send_counts_.begin(), send_counts_.end(), 0);
  std::fill(receive_counts_.begin(), receive_counts_.end(), 0);
  Real* to = sent_.data();
  for_each_sent(round, [&](int rank, Index b) {
    copy(b, ensemble, to, true);
    to += size;
    send_counts_[at(rank)] += size;
  });
  const Range range = mine(round);
  int owner = 0;
  for (Index b = range.begin; b < range.end; ++b) {
    while (b >= first_[at(owner + 1)]) ++owner;
    if (owner != rank_ && costs(b)) receive_counts_[at(owner)] += size;
  }
  std::exclusive_scan(send_counts_.begin(), send_counts_.end(), send_at_.begin(), 0);
  std::exclusive_scan(receive_counts_.begin(), receive_counts_.end(), receive_at_.begin(), 0);
  STARLING_MPI(MPI_Alltoallv(sent_.data(), send_counts_.data(), send_at_.data(), MPI_DOUBLE,
                             received_.data(), receive_counts_.data(), receive_at_.data(),
                             MPI_DOUBLE, comm_));
}

BlockBalance::Block BlockBalance::block(Index number, Rows ensemble) {
  if (own_.contains(number))
    return {ensemble.data() + (number - own_.begin) * dof_block, width_of(ensemble)};
  return {received_.data() + fetched_++ * dof_block * members_, dof_block};
}

void BlockBalance::give_back(Index round, Rows ensemble) {
  if (!moves_) return;
  STARLING_MPI(MPI_Alltoallv(received_.data(), receive_counts_.data(), receive_at_.data(),
                             MPI_DOUBLE, sent_.data(), send_counts_.data(), send_at_.data(),
                             MPI_DOUBLE, comm_));
  Real* from = sent_.data();
  for_each_sent(round, [&](int, Index b) {
    copy(b, ensemble, from, false);
    from += members_ * dof_block;
  });
}

Real BlockBalance::bytes() const {
  return static_cast<Real>(8 * (cost_.size() + sent_.size() + received_.size()) +
                           4 * (piece_.size() + in_.size() + out_.size()));
}

}  // namespace starling::filters
