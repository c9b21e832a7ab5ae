// SPDX-License-Identifier: BSD-3-Clause
#include "ensemble/transpose.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace starling::ensemble {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

MembersTranspose::MembersTranspose(const ProcessGrid& processes, Index members, Index columns,
                                   Index block)
    : processes_(&processes), members_(members), block_(block) {
  const int groups = processes.groups();
  owned_ = processes.members_of(members, processes.group());
  for (auto* list : {&mine_counts_, &mine_displacements_, &shared_counts_, &shared_displacements_})
    list->resize(at(groups));
  resize(columns);
  if (groups == 1) return;
  packed_ = Array<Real*>("transpose::packed", static_cast<std::size_t>(owned_.size() * columns));
  shared_ =
      Array<Real*>("transpose::shared",
                   static_cast<std::size_t>(members * widest_share(processes, columns, block)));
}

// Rank 1 of 2 has 88 of 600 columns in blocks of 256, but 256 of 512.
Index MembersTranspose::widest_share(const ProcessGrid& processes, Index columns, Index block) {
  const Index blocks = (columns + block - 1) / block, groups = processes.groups();
  return std::min(columns, (blocks + groups - 1) / groups * block);
}

void MembersTranspose::resize(Index columns) {
  if (columns == columns_) return;
  columns_ = columns;
  const int groups = processes_->groups();
  share_ = deal(columns, groups, processes_->group(), block_);
  int mine = 0, shared = 0;
  for (int g = 0; g < groups; ++g) {
    const Range theirs = processes_->members_of(members_, g);
    mine_counts_[at(g)] = static_cast<int>(owned_.size() * deal(columns, groups, g, block_).size());
    shared_counts_[at(g)] = static_cast<int>(theirs.size() * share_.size());
    mine_displacements_[at(g)] = mine;
    shared_displacements_[at(g)] = shared;
    mine += mine_counts_[at(g)];
    shared += shared_counts_[at(g)];
  }
}

void MembersTranspose::pack(ConstRows mine) {
  const int groups = processes_->groups();
  Real* out = packed_.data();
  for (int g = 0; g < groups; ++g) {
    const Range columns = deal(columns_, groups, g, block_);
    for (Index m = 0; m < owned_.size(); ++m)
      out = std::copy_n(mine.data() + m * columns_ + columns.begin, columns.size(), out);
  }
}

void MembersTranspose::unpack(Rows mine) {
  const int groups = processes_->groups();
  const Real* in = packed_.data();
  for (int g = 0; g < groups; ++g) {
    const Range columns = deal(columns_, groups, g, block_);
    for (Index m = 0; m < owned_.size(); ++m, in += columns.size())
      std::copy_n(in, columns.size(), mine.data() + m * columns_ + columns.begin);
  }
}

Rows MembersTranspose::forward(Rows mine) {
  STARLING_ASSERT(width_of(mine) == columns_ && rows_of(mine) == owned_.size());
  if (processes_->groups() == 1) return mine;
  pack(mine);
  // The members of a group arrive as rows of my columns, groups in order: all members in order.
  STARLING_MPI(MPI_Alltoallv(packed_.data(), mine_counts_.data(), mine_displacements_.data(),
                             MPI_DOUBLE, shared_.data(), shared_counts_.data(),
                             shared_displacements_.data(), MPI_DOUBLE, processes_->members()));
  return make_rows(shared_.data(), members_, share_.size());
}

void MembersTranspose::backward(Rows mine) {
  STARLING_ASSERT(width_of(mine) == columns_ && rows_of(mine) == owned_.size());
  if (processes_->groups() == 1) return;
  STARLING_MPI(MPI_Alltoallv(shared_.data(), shared_counts_.data(), shared_displacements_.data(),
                             MPI_DOUBLE, packed_.data(), mine_counts_.data(),
                             mine_displacements_.data(), MPI_DOUBLE, processes_->members()));
  unpack(mine);
}

}  // namespace starling::ensemble
