// SPDX-License-Identifier: BSD-3-Clause
#include "observations/operator.hpp"

#include "core/error.hpp"
#include "core/kernel.hpp"
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

}  // namespace

Operator::Operator(const Domain& domain, Index max_size)
    : domain_(domain), spectral_(domain), averages_(domain) {
  STARLING_ASSERT(domain.axis().points >= 1 && domain.axis().spacing > 0);
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
  const Index last = domain_.axis().points - 1;
  for (Index j = 0; j < size_; ++j) {
    const Real x = batch.location[static_cast<std::size_t>(j)];
    const Real s = (x - domain_.axis().origin) / domain_.axis().spacing;
    const Index nearest = std::clamp<Index>(static_cast<Index>(std::lround(s)), 0, last);
    const Real rounding = 4 * std::numeric_limits<Real>::epsilon() *
                          (std::abs(domain_.axis().origin) + domain_.axis().length());
    const bool on_point = std::abs(x - domain_.axis().coordinate(nearest)) <= rounding;
    const Index left = on_point ? nearest : std::clamp<Index>(static_cast<Index>(s), 0, last);
    left_host_(j) = left;
    right_host_(j) = left < last ? left + 1 : (domain_.axis().periodic ? 0 : last);
    weight_host_(j) = on_point ? 0 : std::clamp<Real>(s - static_cast<Real>(left), 0, 1);
    on_points_ = on_points_ && weight_host_(j) == 0;
    is_identity_ = is_identity_ && left == j;
  }
  is_identity_ = is_identity_ && on_points_ && size_ == domain_.axis().points;
  upload(left_, left_host_);
  upload(right_, right_host_);
  upload(weight_, weight_host_);
}

void Operator::set_kinds(const Batch& batch, const std::string& source) {
  spectral_.clear();
  averages_.clear();
  functions_.clear();
  for (Index j = 0; j < size_; ++j) {
    const Kind kind = batch.kind[static_cast<std::size_t>(j)];
    if (kind == Kind::state) continue;
    const KindEntry* entry = find(kind);
    if (entry == nullptr)
      throw InputError(fmt::format("{}: observation {} at time {}: kind = {}; allowed: {}", source,
                                   batch.first + j, batch.time, static_cast<int>(kind),
                                   allowed_kinds()));
    if (entry->sampling == Sampling::spectral) spectral_.add(batch, j, source);
    if (entry->sampling == Sampling::average) averages_.add(batch, j, source);
    if (entry->function != nullptr) functions_.push_back({j, entry->function});
  }
  spectral_.prepare();
}

void Operator::apply(Rows out, ConstRows members) const {
  STARLING_ASSERT(width_of(members) >= domain_.axis().points && width_of(out) == size_ &&
                  rows_of(out) == rows_of(members));
  apply_points(out, members);
  spectral_.apply(out, members);
  averages_.apply(out, members);
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

}  // namespace starling::observations
