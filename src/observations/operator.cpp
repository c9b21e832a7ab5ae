// SPDX-License-Identifier: BSD-3-Clause
#include "observations/operator.hpp"

#include "core/error.hpp"
#include "core/kernel.hpp"
#include "core/process_grid.hpp"
#include "observations/box_averages.hpp"
#include "observations/kinds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace starling::observations {
namespace {

// On a host the two are one, and deep_copy allocates even so.
template <class Device, class Host>
void upload(const Device& device, const Host& host) {
  if (device.data() != host.data()) Kokkos::deep_copy(device, host);
}

// Between grid points left and right of an axis, (1 - weight) of the one and weight of the other;
// at a grid point weight is 0.
struct Cell {
  Index left, right;
  Real weight;
};

Cell cell_of(const Axis& axis, Real x) {
  const Index last = axis.points - 1;
  const Real s = (x - axis.origin) / axis.spacing;
  const Index nearest = std::clamp<Index>(static_cast<Index>(std::lround(s)), 0, last);
  const Real rounding =
      4 * std::numeric_limits<Real>::epsilon() * (std::abs(axis.origin) + axis.length());
  const bool on_point = std::abs(x - axis.coordinate(nearest)) <= rounding;
  const Index left = on_point ? nearest : std::clamp<Index>(static_cast<Index>(s), 0, last);
  const Index right = left < last ? left + 1 : (axis.periodic ? 0 : last);
  return {left, right, on_point ? 0 : std::clamp<Real>(s - static_cast<Real>(left), 0, 1)};
}

}  // namespace

Operator::Operator(const Domain& domain, Index max_size)
    : Operator(domain, max_size, Columns(domain.values()), MPI_COMM_SELF) {}

Operator::Operator(const Domain& domain, Index max_size, const Columns& values, MPI_Comm space)
    : domain_(domain),
      space_(space),
      ranks_(size_of(space)),
      here_(values.count()),
      whole_(values.is_whole()),
      spectral_(domain, values),
      sums_(domain, values) {
  for (int d = 0; d < domain.dimensions(); ++d)
    STARLING_ASSERT(domain.axis(d).points >= 1 && domain.axis(d).spacing > 0);
  STARLING_ASSERT(values.all() == domain.values() && (whole_ || ranks_ > 1));
  reserve(max_size);
}

void Operator::reserve(Index max_size) {
  if (max_size <= static_cast<Index>(left_.extent(0))) return;
  const auto size = static_cast<std::size_t>(max_size);
  left_ = Array<Index*>("observations::left", size);
  right_ = Array<Index*>("observations::right", size);
  weight_ = Array<Real*>("observations::weight", size);
  left_host_ = Kokkos::create_mirror_view(left_);
  right_host_ = Kokkos::create_mirror_view(right_);
  weight_host_ = Kokkos::create_mirror_view(weight_);
  size_ = 0;
}

void Operator::set(const Batch& batch, const std::string& source) {
  require_inside(batch, domain_, source);
  reserve(batch.size());
  size_ = batch.size();
  set_points(batch);
  set_kinds(batch, source);
}

void Operator::set_points(const Batch& batch) {
  on_points_ = is_identity_ = true;
  for (Index j = 0; j < size_; ++j) {
    const auto at = static_cast<std::size_t>(j);
    const Point& place = batch.location[at];
    Cell cell = cell_of(domain_.axis(), place[0]);
    on_points_ = on_points_ && cell.weight == 0;
    Index stride = domain_.axis().points, base = 0;
    for (int d = 1; d < domain_.dimensions(); ++d) {
      const Cell beside = cell_of(domain_.axis(d), place[d]);
      on_points_ = on_points_ && beside.weight == 0;
      base += stride * beside.left;
      stride *= domain_.axis(d).points;
    }
    base += stride * batch.component[at];
    left_host_(j) = base + cell.left;
    right_host_(j) = base + cell.right;
    weight_host_(j) = cell.weight;
    is_identity_ = is_identity_ && left_host_(j) == j;
  }
  summed_ = !whole_ || (domain_.dimensions() > 1 && !on_points_);
  if (summed_) return;
  is_identity_ = is_identity_ && on_points_ && size_ == domain_.values();
  upload(left_, left_host_);
  upload(right_, right_host_);
  upload(weight_, weight_host_);
}

// Observation j at a point, as a sum.
void Operator::add_point(const Batch& batch, Index j) {
  const auto at = static_cast<std::size_t>(j);
  for (int d = 0; d < domain_.dimensions(); ++d) {
    const Cell cell = cell_of(domain_.axis(d), batch.location[at][d]);
    Real* weights = sums_.weights(d, cell.left, cell.weight == 0 ? 1 : 2);
    weights[0] = 1 - cell.weight;
    if (cell.weight != 0) weights[1] = cell.weight;
  }
  sums_.add(j, batch.component[at]);
}

void Operator::set_kinds(const Batch& batch, const std::string& source) {
  spectral_.clear();
  sums_.clear();
  functions_.clear();
  for (Index j = 0; j < size_; ++j) {
    const Kind kind = batch.kind[static_cast<std::size_t>(j)];
    if (kind == Kind::state) {
      if (summed_) add_point(batch, j);
      continue;
    }
    const KindEntry* entry = find(kind);
    if (entry == nullptr)
      throw InputError(fmt::format("{}: observation {} at time {}: kind = {}; allowed: {}", source,
                                   batch.first + j, batch.time, static_cast<int>(kind),
                                   allowed_kinds()));
    if (entry->sampling == Sampling::linear && summed_) add_point(batch, j);
    if (entry->sampling == Sampling::spectral) spectral_.add(batch, j, source);
    if (entry->sampling == Sampling::average) add_box_average(sums_, domain_, batch, j, source);
    if (entry->function != nullptr) functions_.push_back({j, entry->function});
  }
  spectral_.prepare();
}

void Operator::apply(Rows out, ConstRows members) const {
  STARLING_ASSERT(width_of(members) >= here_ && width_of(out) == size_ &&
                  rows_of(out) == rows_of(members));
  if (!summed_) apply_points(out, members);
  spectral_.apply(out, members);
  sums_.apply(out, members);
  if (ranks_ > 1) add_parts(out);
  for (Index r = 0; r < rows_of(out) && !functions_.empty(); ++r) {
    Real* y = out.data() + r * size_;
    for (const Function& function : functions_)
      y[function.observation] = function.of(y[function.observation]);
  }
}

void Operator::apply_points(Rows out, ConstRows members) const {
  const Index stride = width_of(members);
  if (is_identity_ && stride == size_) {
    const Real* u = members.data();
    Real* y = out.data();
    for_each("observations::copy", rows_of(members) * size_, [=](Index i) { y[i] = u[i]; });
    return;
  }
  const Index* left = left_.data();
  const Index* right = right_.data();
  const Real* weight = weight_.data();
  for (Index r = 0; r < rows_of(members); ++r) {
    const Real* u = members.data() + r * stride;
    Real* y = out.data() + r * size_;
    if (on_points_) {
      for_each("observations::sample", size_, [=](Index j) { y[j] = u[left[j]]; });
    } else {
      for_each("observations::interpolate", size_,
               [=](Index j) { y[j] = u[left[j]] + weight[j] * (u[right[j]] - u[left[j]]); });
    }
  }
}

// MPI_Allreduce may add in an order that depends on where a number lies among the others, and thus
// on what other members a group has.
void Operator::add_parts(Rows out) const {
  const Index count = rows_of(out) * size_, share = (count + ranks_ - 1) / ranks_;
  if (count == 0) return;
  STARLING_ASSERT(share <= std::numeric_limits<int>::max());
  parts_.resize(static_cast<std::size_t>(share * ranks_));
  gathered_.resize(parts_.size());
  std::copy_n(out.data(), count, parts_.data());
  const int mine = static_cast<int>(share);
  STARLING_MPI(
      MPI_Alltoall(parts_.data(), mine, MPI_DOUBLE, gathered_.data(), mine, MPI_DOUBLE, space_));
  for (Index i = 0; i < share; ++i) {
    Real sum = gathered_[static_cast<std::size_t>(i)];
    for (Index rank = 1; rank < ranks_; ++rank)
      sum += gathered_[static_cast<std::size_t>(rank * share + i)];
    parts_[static_cast<std::size_t>(i)] = sum;
  }
  STARLING_MPI(
      MPI_Allgather(parts_.data(), mine, MPI_DOUBLE, gathered_.data(), mine, MPI_DOUBLE, space_));
  std::copy_n(gathered_.data(), count, out.data());
}

}  // namespace starling::observations
