// SPDX-License-Identifier: BSD-3-Clause
#include "spectral/real_transform.hpp"

#include "core/error.hpp"

#include <fftw3.h>

#include <algorithm>
#include <numbers>
#include <vector>

namespace starling::spectral {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

// As the arrays are that plans were made with: FFTW's vector instructions need it.
bool is_aligned(const Real* values) { return fftw_alignment_of(const_cast<Real*>(values)) == 0; }

}  // namespace

struct RealTransform::Impl {
  explicit Impl(const Domain& grid);
  ~Impl() {
    fftw_destroy_plan(forward);
    fftw_destroy_plan(inverse);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::array<Index, 3> n = {1, 1, 1};
  Index half = 1, points = 1, coefficients = 1;
  fftw_plan forward = nullptr, inverse = nullptr;
  std::array<std::vector<Real>, 3> wavenumbers;
  Array<Real*> values;
  Array<Complex*> work;
};

RealTransform::Impl::Impl(const Domain& grid) {
  for (int d = 0; d < grid.dimensions(); ++d) {
    n[at(d)] = grid.axis(d).points;
    require(grid.axis(d).periodic && n[at(d)] % 2 == 0,
            "a Fourier transform of {} points; allowed: even numbers, in periodic directions",
            n[at(d)]);
  }
  half = n[0] / 2 + 1;
  points = n[0] * n[1] * n[2];
  coefficients = half * n[1] * n[2];
  values = Array<Real*>("spectral::real_values", at(points));
  work = Array<Complex*>("spectral::real_coefficients", at(coefficients));
  const std::array<int, 3> sizes = {static_cast<int>(n[2]), static_cast<int>(n[1]),
                                    static_cast<int>(n[0])};
  const int skipped = 3 - grid.dimensions();
  auto* complex = reinterpret_cast<fftw_complex*>(work.data());
  forward = fftw_plan_dft_r2c(grid.dimensions(), sizes.data() + skipped, values.data(), complex,
                              FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
  inverse = fftw_plan_dft_c2r(grid.dimensions(), sizes.data() + skipped, complex, values.data(),
                              FFTW_ESTIMATE);
  STARLING_ASSERT(forward != nullptr && inverse != nullptr);
  for (int d = 0; d < 3; ++d) {
    wavenumbers[at(d)].assign(at(coefficients), 0);
    if (d >= grid.dimensions()) continue;
    const Real unit = 2 * std::numbers::pi / grid.axis(d).length();
    for (Index i = 0; i < coefficients; ++i) {
      const std::array<Index, 3> index = {i % half, i / half % n[1], i / half / n[1]};
      const Index m = index[at(d)], count = n[at(d)];
      if (2 * m != count)
        wavenumbers[at(d)][at(i)] = unit * static_cast<Real>(2 * m < count ? m : m - count);
    }
  }
}

RealTransform::RealTransform(const Domain& grid) : impl_(std::make_unique<Impl>(grid)) {}
RealTransform::~RealTransform() = default;
RealTransform::RealTransform(RealTransform&&) noexcept = default;
RealTransform& RealTransform::operator=(RealTransform&&) noexcept = default;

Index RealTransform::points() const { return impl_->points; }
Index RealTransform::coefficients() const { return impl_->coefficients; }

std::array<Index, 3> RealTransform::mode(Index i) const {
  const Impl& t = *impl_;
  const auto signed_mode = [](Index m, Index n) { return 2 * m <= n ? m : m - n; };
  return {i % t.half, signed_mode(i / t.half % t.n[1], t.n[1]),
          signed_mode(i / t.half / t.n[1], t.n[2])};
}

Index RealTransform::place(const std::array<Index, 3>& mode) const {
  const Impl& t = *impl_;
  const auto index = [](Index m, Index n) { return m < 0 ? m + n : m; };
  return (index(mode[2], t.n[2]) * t.n[1] + index(mode[1], t.n[1])) * t.half + mode[0];
}

const Real* RealTransform::wavenumber(int axis) const {
  return impl_->wavenumbers[at(axis)].data();
}

void RealTransform::add_derivative(Complex* out, const Complex* c, int axis) const {
  const Real* k = wavenumber(axis);
  for (Index i = 0; i < impl_->coefficients; ++i)
    out[i] += Complex(-k[i] * c[i].imag(), k[i] * c[i].real());
}

void RealTransform::to_coefficients(Complex* coefficients, const Real* values) const {
  const Impl& t = *impl_;
  if (!is_aligned(values)) {
    std::copy_n(values, t.points, t.values.data());
    values = t.values.data();
  }
  // FFTW's interface is not const-correct; the plan preserves its input.
  fftw_execute_dft_r2c(t.forward, const_cast<Real*>(values),
                       reinterpret_cast<fftw_complex*>(coefficients));
  const Real scale = 1 / static_cast<Real>(t.points);
  for (Index i = 0; i < t.coefficients; ++i) coefficients[i] *= scale;
}

void RealTransform::to_values(Real* values, const Complex* coefficients) const {
  const Impl& t = *impl_;
  std::copy_n(coefficients, t.coefficients, t.work.data());
  Real* out = is_aligned(values) ? values : t.values.data();
  fftw_execute_dft_c2r(t.inverse, reinterpret_cast<fftw_complex*>(t.work.data()), out);
  if (out != values) std::copy_n(out, t.points, values);
}

}  // namespace starling::spectral
