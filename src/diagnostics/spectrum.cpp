// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/spectrum.hpp"

#include "core/error.hpp"

#include <fftw3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace starling::diagnostics {

struct Spectrum::Plan {
  explicit Plan(const std::vector<int>& extents) {
    std::size_t points = 1, modes = 1;
    for (std::size_t d = 0; d < extents.size(); ++d) {
      const auto n = static_cast<std::size_t>(extents[d]);
      points *= n;
      modes *= d + 1 < extents.size() ? n : n / 2 + 1;
    }
    field = fftw_alloc_real(points);
    spectrum = fftw_alloc_complex(modes);
    plan = fftw_plan_dft_r2c(static_cast<int>(extents.size()), extents.data(), field, spectrum,
                             FFTW_ESTIMATE);
  }
  ~Plan() {
    fftw_destroy_plan(plan);
    fftw_free(spectrum);
    fftw_free(field);
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  double* field;
  fftw_complex* spectrum;
  fftw_plan plan;
};

Spectrum::Spectrum(Index points)
    : Spectrum(Domain(points, 0, 2 * std::numbers::pi / static_cast<Real>(points), true)) {}

Spectrum::Spectrum(const Domain& domain) : values_(domain.values()), points_(domain.points()) {
  STARLING_ASSERT(points_ >= 1);
  std::vector<int> extents;  // slowest first
  for (int d = domain.dimensions() - 1; d >= 0; --d)
    extents.push_back(static_cast<int>(domain.axis(d).points));
  plan_ = std::make_unique<Plan>(extents);

  std::array<Real, 3> unit{};
  smallest_ = std::numeric_limits<Real>::infinity();
  for (int d = 0; d < domain.dimensions(); ++d) {
    unit[static_cast<std::size_t>(d)] = 2 * std::numbers::pi / domain.axis(d).length();
    smallest_ = std::min(smallest_, unit[static_cast<std::size_t>(d)]);
  }
  const Index nx = domain.axis().points, half = nx / 2 + 1;
  Index bins = 1;
  for (Index i = 0; i < points_ / nx * half; ++i) {
    const Index x = i % half;
    Index rest = i / half;
    Real square = unit[0] * static_cast<Real>(x) * unit[0] * static_cast<Real>(x);
    for (int d = 1; d < domain.dimensions(); ++d) {
      const Index n = domain.axis(d).points, at = rest % n;
      const Real k = unit[static_cast<std::size_t>(d)] * static_cast<Real>(std::min(at, n - at));
      square += k * k;
      rest /= n;
    }
    bin_.push_back(std::lround(std::sqrt(square) / smallest_));
    bins = std::max(bins, bin_.back() + 1);
    const bool once = x == 0 || (nx % 2 == 0 && x == nx / 2);
    weight_.push_back(once ? 0.5 : 1);
  }
  sums_.resize(static_cast<std::size_t>(bins));
  energy_.resize(sums_.size());
}

Spectrum::~Spectrum() = default;
Spectrum::Spectrum(Spectrum&&) noexcept = default;
Spectrum& Spectrum::operator=(Spectrum&&) noexcept = default;

std::vector<Real> Spectrum::wavenumbers() const {
  std::vector<Real> all(sums_.size());
  for (std::size_t b = 0; b < all.size(); ++b) all[b] = smallest_ * static_cast<Real>(b);
  return all;
}

void Spectrum::add_component(Real* out) {
  fftw_execute(plan_->plan);
  const Real scale = 1 / (static_cast<Real>(points_) * static_cast<Real>(points_));
  for (std::size_t i = 0; i < bin_.size(); ++i) {
    const auto& mode = plan_->spectrum[i];
    out[bin_[i]] += scale * weight_[i] * (mode[0] * mode[0] + mode[1] * mode[1]);
  }
}

void Spectrum::evaluate(Real* out, const Real* field) {
  std::fill_n(out, modes(), 0.0);
  for (Index first = 0; first < values_; first += points_) {
    std::copy_n(field + first, points_, plan_->field);
    add_component(out);
  }
}

void Spectrum::add(const Real* field) {
  evaluate(energy_.data(), field);
  for (std::size_t k = 0; k < sums_.size(); ++k) sums_[k] += energy_[k];
  ++count_;
}

void Spectrum::add_difference(const Real* field, const Real* other) {
  std::fill(energy_.begin(), energy_.end(), 0.0);
  for (Index first = 0; first < values_; first += points_) {
    for (Index j = 0; j < points_; ++j) plan_->field[j] = field[first + j] - other[first + j];
    add_component(energy_.data());
  }
  for (std::size_t k = 0; k < sums_.size(); ++k) sums_[k] += energy_[k];
  ++count_;
}

std::vector<Real> Spectrum::mean() const {
  std::vector<Real> mean = sums_;
  for (Real& energy : mean) energy /= static_cast<Real>(std::max<Index>(count_, 1));
  return mean;
}

void Spectrum::restore(std::span<const Real> sums, Index count) {
  require(sums.size() == sums_.size() && count >= 0,
          "a spectrum of {} modes cannot go on from {}; allowed: the same number of points",
          sums_.size(), sums.size());
  std::copy(sums.begin(), sums.end(), sums_.begin());
  count_ = count;
}

}  // namespace starling::diagnostics
