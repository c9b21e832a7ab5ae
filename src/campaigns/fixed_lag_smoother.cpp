// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/fixed_lag_smoother.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace starling::campaigns {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

const Schema& FixedLagSmoother::schema() {
  static const Schema keys = {
      Key::integer("lag", "later analyses that each analysis learns from").at_least(1),
  };
  return keys;
}

FixedLagSmoother::FixedLagSmoother(const ProcessGrid& processes, Index members, Index dofs,
                                   Range my_columns, Index lag)
    : members_(members),
      dofs_(dofs),
      lag_(lag),
      owned_(processes.members_of(members, processes.group())),
      columns_(my_columns),
      truths_(at(lag), std::vector<Real>(at(dofs))),
      scores_(processes.members(), members, my_columns, dofs) {
  for (Index i = 0; i < lag; ++i) {
    blocks_.emplace_back("smoother::past", at(members), at(my_columns.size()));
    past_.emplace_back(blocks_.back());
  }
}

std::span<const Rows> FixedLagSmoother::past() const {
  return {past_.data(), at(std::min(count_, lag_))};
}

diagnostics::Scores FixedLagSmoother::push(ConstRows analysis, const Real* truth) {
  diagnostics::Scores scores = diagnostics::no_scores;
  const std::size_t slot = at(count_ % lag_);
  if (count_ >= lag_ && truth != nullptr)
    scores = scores_.evaluate(past_[slot], truths_[slot].data() + columns_.begin);
  std::copy_n(analysis.data(), members_ * columns_.size(), past_[slot].data());
  if (truth != nullptr) std::copy_n(truth, dofs_, truths_[slot].data());
  ++count_;
  return scores;
}

Real FixedLagSmoother::bytes() const {
  return 8 * static_cast<Real>(lag_ * (members_ * columns_.size() + dofs_));
}

Array<Real**> FixedLagSmoother::whole() const {
  return Array<Real**>("smoother::whole", at(owned_.size()), at(dofs_));
}

void FixedLagSmoother::save(io::CheckpointWriter& file, ensemble::MembersTranspose& transpose) {
  file.integer("smoother", count_);
  saved_.clear();
  for (Index i = 0; i < std::min(count_, lag_); ++i) {
    const Array<Real**>& mine = saved_.emplace_back(whole());
    const Rows shared = transpose.forward(mine);
    std::copy_n(past_[at(i)].data(), members_ * columns_.size(), shared.data());
    transpose.backward(mine);
    file.rows(fmt::format("past_{}", i), members_, owned_.begin, Rows(mine));
    file.reals(fmt::format("past_truth_{}", i), truths_[at(i)]);
  }
}

void FixedLagSmoother::load(const io::Checkpoint& file, ensemble::MembersTranspose& transpose) {
  count_ = file.integer("smoother");
  for (Index i = 0; i < std::min(count_, lag_); ++i) {
    const Array<Real**> mine = whole();
    file.rows(fmt::format("past_{}", i), members_, owned_.begin, Rows(mine));
    const Rows shared = transpose.forward(mine);
    std::copy_n(shared.data(), members_ * columns_.size(), past_[at(i)].data());
    truths_[at(i)] = file.reals(fmt::format("past_truth_{}", i));
  }
}

}  // namespace starling::campaigns
