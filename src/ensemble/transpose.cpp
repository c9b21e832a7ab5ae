// SPDX-License-Identifier: BSD-3-Clause
#include "ensemble/transpose.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <limits>

namespace starling::ensemble {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

MembersTranspose::MembersTranspose(const ProcessGrid& processes, Index members, Index columns,
                                   Index block, Index numbers_at_once)
    : processes_(&processes), members_(members), block_(block) {
  const int groups = processes.groups();
  owned_ = processes.members_of(members, processes.group());
  for (auto* list : {&mine_counts_, &mine_displacements_, &shared_counts_, &shared_displacements_})
    list->resize(at(groups));
  resize(columns);
  if (groups == 1) return;
  const Index widest = widest_share(processes, columns, block);
  require(members * widest <= std::numeric_limits<int>::max(),
          "{} members of {} numbers are too many for {} ranks; allowed: at most {} numbers a rank",
          members, columns, groups, std::numeric_limits<int>::max());
  const Index most = processes.members_of(members, 0).size();
  rows_at_once_ = std::clamp(numbers_at_once / std::max<Index>(columns, 1), (most + 31) / 32, most);
  rounds_ = (most + rows_at_once_ - 1) / rows_at_once_;
  packed_ = Array<Real*>("transpose::packed", at(std::min(rows_at_once_, owned_.size()) * columns));
  shared_ = Array<Real*>("transpose::shared", at(members * widest));
}

// Rank 1 of 2 has 88 of 600 columns in blocks of 256, but 256 of 512.
Index MembersTranspose::widest_share(const ProcessGrid& processes, Index columns, Index block) {
  const Index blocks = (columns + block - 1) / block, groups = processes.groups();
  return std::min(columns, (blocks + groups - 1) / groups * block);
}

void MembersTranspose::resize(Index columns) {
  columns_ = columns;
  share_ = deal(columns, processes_->groups(), processes_->group(), block_);
}

// Those of `members` that travel in this round.
Range MembersTranspose::in_round(Range members, Index round) const {
  const Index first = std::min(members.begin + round * rows_at_once_, members.end);
  return {first, std::min(first + rows_at_once_, members.end)};
}

// The members of a group arrive as rows of my columns, groups in order: all members in order.
void MembersTranspose::set_counts(Index round) {
  const int groups = processes_->groups();
  const Index rows = in_round(owned_, round).size();
  Index sent = 0;
  for (int g = 0; g < groups; ++g) {
    const Range theirs = in_round(processes_->members_of(members_, g), round);
    const Index count = rows * deal(columns_, groups, g, block_).size();
    mine_counts_[at(g)] = static_cast<int>(count);
    mine_displacements_[at(g)] = static_cast<int>(sent);
    shared_counts_[at(g)] = static_cast<int>(theirs.size() * share_.size());
    shared_displacements_[at(g)] = static_cast<int>(theirs.begin * share_.size());
    sent += count;
  }
}

void MembersTranspose::pack(ConstRows mine, Range rows) {
  const int groups = processes_->groups();
  Real* out = packed_.data();
  for (int g = 0; g < groups; ++g) {
    const Range columns = deal(columns_, groups, g, block_);
    for (Index m = rows.begin - owned_.begin; m < rows.end - owned_.begin; ++m)
      out = std::copy_n(mine.data() + m * columns_ + columns.begin, columns.size(), out);
  }
}

void MembersTranspose::unpack(Rows mine, Range rows) {
  const int groups = processes_->groups();
  const Real* in = packed_.data();
  for (int g = 0; g < groups; ++g) {
    const Range columns = deal(columns_, groups, g, block_);
    for (Index m = rows.begin - owned_.begin; m < rows.end - owned_.begin;
         ++m, in += columns.size())
      std::copy_n(in, columns.size(), mine.data() + m * columns_ + columns.begin);
  }
}

Rows MembersTranspose::forward(Rows mine) {
  STARLING_ASSERT(width_of(mine) == columns_ && rows_of(mine) == owned_.size());
  if (processes_->groups() == 1) return mine;
  for (Index round = 0; round < rounds_; ++round) {
    set_counts(round);
    pack(mine, in_round(owned_, round));
    STARLING_MPI(MPI_Alltoallv(packed_.data(), mine_counts_.data(), mine_displacements_.data(),
                               MPI_DOUBLE, shared_.data(), shared_counts_.data(),
                               shared_displacements_.data(), MPI_DOUBLE, processes_->members()));
  }
  return make_rows(shared_.data(), members_, share_.size());
}

void MembersTranspose::backward(Rows mine) {
  STARLING_ASSERT(width_of(mine) == columns_ && rows_of(mine) == owned_.size());
  if (processes_->groups() == 1) return;
  for (Index round = 0; round < rounds_; ++round) {
    set_counts(round);
    STARLING_MPI(MPI_Alltoallv(shared_.data(), shared_counts_.data(), shared_displacements_.data(),
                               MPI_DOUBLE, packed_.data(), mine_counts_.data(),
                               mine_displacements_.data(), MPI_DOUBLE, processes_->members()));
    unpack(mine, in_round(owned_, round));
  }
}

Real MembersTranspose::bytes() const {
  return 8 * static_cast<Real>(packed_.size() + shared_.size());
}

}  // namespace starling::ensemble
