// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/spectrum.hpp"

#include "core/error.hpp"

#include <fftw3.h>

#include <algorithm>

namespace starling::diagnostics {

struct Spectrum::Plan {
  explicit Plan(Index points)
      : field(fftw_alloc_real(static_cast<std::size_t>(points))),
        modes(fftw_alloc_complex(static_cast<std::size_t>(points / 2 + 1))),
        plan(fftw_plan_dft_r2c_1d(static_cast<int>(points), field, modes, FFTW_ESTIMATE)) {}
  ~Plan() {
    fftw_destroy_plan(plan);
    fftw_free(modes);
    fftw_free(field);
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  double* field;
  fftw_complex* modes;
  fftw_plan plan;
};

Spectrum::Spectrum(Index points)
    : points_(points),
      plan_(std::make_unique<Plan>(points)),
      sums_(static_cast<std::size_t>(modes()), 0.0),
      energy_(static_cast<std::size_t>(modes())) {
  STARLING_ASSERT(points >= 1 && plan_->plan != nullptr);
}

Spectrum::~Spectrum() = default;
Spectrum::Spectrum(Spectrum&&) noexcept = default;
Spectrum& Spectrum::operator=(Spectrum&&) noexcept = default;

void Spectrum::transform(Real* out) {
  fftw_execute(plan_->plan);
  const Real scale = 1 / (static_cast<Real>(points_) * static_cast<Real>(points_));
  for (Index k = 0; k < modes(); ++k) {
    const auto& mode = plan_->modes[k];
    out[k] = scale * (mode[0] * mode[0] + mode[1] * mode[1]);
  }
  out[0] /= 2;
  if (points_ > 1 && points_ % 2 == 0) out[points_ / 2] /= 2;
}

void Spectrum::evaluate(Real* out, const Real* field) {
  std::copy_n(field, points_, plan_->field);
  transform(out);
}

void Spectrum::add(const Real* field) {
  evaluate(energy_.data(), field);
  for (std::size_t k = 0; k < sums_.size(); ++k) sums_[k] += energy_[k];
  ++count_;
}

void Spectrum::add_difference(const Real* field, const Real* other) {
  for (Index j = 0; j < points_; ++j) plan_->field[j] = field[j] - other[j];
  transform(energy_.data());
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
