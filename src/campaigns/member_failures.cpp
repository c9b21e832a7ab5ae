// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/member_failures.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace starling::campaigns {
namespace {

constexpr std::size_t most_named = 8;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

bool is_sound(const Real* x, Index count) {
  Real squares = 0;
  for (Index j = 0; j < count; ++j) squares += x[j] * x[j];
  return std::isfinite(squares);
}

void copy_row(Rows all, Index to, Index from) {
  const Index columns = width_of(all);
  std::copy_n(all.data() + from * columns, columns, all.data() + to * columns);
}

std::string list(const std::vector<Index>& members) {
  const std::size_t named = std::min(members.size(), most_named);
  std::string text = fmt::format(
      "{} {}", members.size() == 1 ? "member" : "members",
      fmt::join(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(named), ", "));
  if (named < members.size()) text += fmt::format(" and {} more", members.size() - named);
  return text;
}

}  // namespace

OnMemberFailure on_member_failure(const std::string& name) {
  if (name == "resample") return OnMemberFailure::resample;
  if (name == "drop") return OnMemberFailure::drop;
  require(name == "stop", "on_member_failure = '{}'; allowed: stop, resample, drop", name);
  return OnMemberFailure::stop;
}

MemberFailures::MemberFailures(const ProcessGrid& processes, Index members, Index members_per_state,
                               OnMemberFailure policy, std::uint64_t seed)
    : processes_(&processes),
      members_(members),
      per_state_(members_per_state),
      policy_(policy),
      seed_(seed),
      owned_(processes.members_of(members, processes.group())),
      healthy_(at(members)) {
  std::iota(healthy_.begin(), healthy_.end(), Index{0});
}

void MemberFailures::find(ConstRows mine, Index n, Real time) {
  if (stops()) return;
  analysis_ = n;
  if (!drops() && !failed_.empty()) {
    healthy_.resize(at(members_));
    std::iota(healthy_.begin(), healthy_.end(), Index{0});
  }
  failed_.clear();
  const Index columns = width_of(mine);
  auto first = std::lower_bound(healthy_.begin(), healthy_.end(), owned_.begin);
  const auto last = std::lower_bound(first, healthy_.end(), owned_.end);
  for (; first != last; ++first)
    if (!is_sound(mine.data() + (*first - owned_.begin) * columns, columns))
      failed_.push_back(*first);

  // Almost always there is nothing to tell.
  int count = static_cast<int>(failed_.size()), total = count;
  if (processes_->groups() > 1)
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &total, 1, MPI_INT, MPI_SUM, processes_->members()));
  if (total == 0) return;
  if (processes_->groups() > 1) {
    std::vector<int> counts(at(processes_->groups())), before(counts.size());
    STARLING_MPI(
        MPI_Allgather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, processes_->members()));
    std::exclusive_scan(counts.begin(), counts.end(), before.begin(), 0);
    const std::vector<Index> here = failed_;
    failed_.resize(at(total));
    STARLING_MPI(MPI_Allgatherv(here.data(), count, MPI_INT64_T, failed_.data(), counts.data(),
                                before.data(), MPI_INT64_T, processes_->members()));
  }

  const auto present = static_cast<Index>(healthy_.size());
  std::erase_if(healthy_, [&](Index member) {
    return std::binary_search(failed_.begin(), failed_.end(), member);
  });
  const std::string what = describe(n, time);
  if (2 * total > present)
    throw NumericalError(
        fmt::format("{}: more than half of {}; a smaller stepper.dt may help", what, present));
  if (healthy_.size() < 2) throw NumericalError(fmt::format("{}: fewer than two are left", what));
  if (!processes_->is_root()) return;
  if (drops()) {
    log::warning("{}: dropped, {} are left", what, healthy_.size());
  } else {
    log::warning("{}: replaced", what);
  }
}

std::string MemberFailures::describe(Index n, Real time) const {
  const bool one = failed_.size() == 1;
  return fmt::format("{}{} {} not finite any more at time {} (analysis {})", list(failed_),
                     !one && per_state_ == 2 ? " (stepped as pairs)" : "", one ? "is" : "are", time,
                     n);
}

void MemberFailures::repair(Rows all) const { drops() ? stand_in(all) : redraw(all); }

void MemberFailures::redraw(Rows all) const {
  const Index columns = width_of(all);
  const auto healthy = static_cast<Real>(healthy_.size());
  std::vector<Real> mean(at(columns)), weights(at(members_));
  for (const Index m : healthy_) {
    const Real* x = all.data() + m * columns;
    for (Index j = 0; j < columns; ++j) mean[at(j)] += x[j];
  }
  for (Real& each : mean) each /= healthy;
  for (const Index f : failed_) {
    Stream(seed_, Purpose::member_replacement, static_cast<std::uint64_t>(f),
           static_cast<std::uint64_t>(analysis_))
        .normals(weights.data(), members_);
    Real* out = all.data() + f * columns;
    std::copy(mean.begin(), mean.end(), out);
    for (const Index m : healthy_) {
      const Real weight = weights[at(m)] / std::sqrt(healthy - 1);
      const Real* x = all.data() + m * columns;
      for (Index j = 0; j < columns; ++j) out[j] += weight * (x[j] - mean[at(j)]);
    }
  }
}

void MemberFailures::stand_in(Rows all) const {
  auto next = healthy_.begin();
  for (Index m = 0; m < members_; ++m) {
    if (next != healthy_.end() && *next == m) {
      ++next;
      continue;
    }
    const bool has_partner = std::binary_search(healthy_.begin(), healthy_.end(), m ^ 1);
    copy_row(all, m, has_partner ? m ^ 1 : healthy_.front());
  }
}

Rows MemberFailures::pack(Rows all) const {
  if (complete()) return all;
  for (Index i = 0; i < static_cast<Index>(healthy_.size()); ++i)
    if (healthy_[at(i)] != i) copy_row(all, i, healthy_[at(i)]);
  return row_range(all, 0, static_cast<Index>(healthy_.size()));
}

void MemberFailures::unpack(Rows all) const {
  if (complete()) return;
  for (Index i = static_cast<Index>(healthy_.size()); i-- > 0;)
    if (healthy_[at(i)] != i) copy_row(all, healthy_[at(i)], i);
  stand_in(all);
}

void MemberFailures::save(io::CheckpointWriter& file) const {
  if (drops()) file.integers("present_members", {healthy_.begin(), healthy_.end()});
}

void MemberFailures::load(const io::Checkpoint& file) {
  if (!drops()) return;
  const auto& present = file.integers("present_members");
  healthy_.assign(present.begin(), present.end());
}

}  // namespace starling::campaigns
