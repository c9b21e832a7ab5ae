// SPDX-License-Identifier: BSD-3-Clause
// Initial conditions of QuasiGeostrophic.
#include "core/error.hpp"
#include "core/random.hpp"
#include "models/initial_flow2d.hpp"
#include "models/quasi_geostrophic.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace starling::models {
namespace {

// Half of all modes (mx, my) != 0 within a circle: one of each pair of a mode and its opposite.
template <class F>
void for_each_mode(Index most, const F& f) {
  for (Index mx = 0; mx <= most; ++mx)
    for (Index my = mx == 0 ? 1 : -most; my <= most; ++my)
      if (mx * mx + my * my <= most * most) f(mx, my);
}

// Two independent standard normals that belong to the mode, whatever the resolution and the ranks.
Complex normals(const Stream& stream, Index mx, Index my) {
  const std::uint64_t place = 2 * mode_number(mx, my);
  return {stream.normal(place), stream.normal(place + 1)};
}

}  // namespace

const std::vector<std::pair<std::string, std::string>>& QuasiGeostrophic::starts() {
  static const std::vector<std::pair<std::string, std::string>> all = {
      {"zero", "no eddies"},
      {"noise", "random q of the root mean square `amplitude` in each layer"},
      {"cosines",
       "of pyqg's test_reference_solns.py: q_1 = a cos(10 pi x/Lx) + a/10 cos(10 pi y/Ly)"},
      {"wave", "q = a cos(kx x + ky y) in one vertical mode: a Rossby wave"},
      {"jet", "the jet in the upper layer, with noise of `amplitude`"},
      {"random_phase",
       "random psi, the same in all layers, of the spectrum of mcwilliams1984 and the kinetic "
       "energy `amplitude`"},
  };
  return all;
}

void QuasiGeostrophic::draw(Real* member, Index number) const {
  std::vector<Complex> q(static_cast<std::size_t>(layers_ * n_), Complex(0, 0));
  start(q.data(), number);
  transform_.to_points(member, q.data(), layers_);
}

void QuasiGeostrophic::start(Complex* q, Index number) const {
  using Make = void (QuasiGeostrophic::*)(Complex*, Index) const;
  static const std::vector<std::pair<std::string, Make>> all = {
      {"noise", &QuasiGeostrophic::start_noise},
      {"cosines", &QuasiGeostrophic::start_cosines},
      {"wave", &QuasiGeostrophic::start_wave},
      {"jet", &QuasiGeostrophic::start_jet},
      {"random_phase", &QuasiGeostrophic::start_random_phase},
  };
  for (const auto& [kind, make] : all)
    if (kind == settings_.start.kind) (this->*make)(q, number);
}

// A random real field; `variance` of its modes as it depends on the mode number, up to the factor
// that makes sum variance |normal|^2 over all modes `total`.
void QuasiGeostrophic::random_field(Complex* out, Index number, std::uint64_t layer,
                                    const std::function<Real(Real mode)>& variance,
                                    Real total) const {
  const Index most = settings_.start.modes;
  require(most < std::min(transform_.cut(0), transform_.cut(1)),
          "an initial condition of modes up to {}; allowed: below {}, which the grid resolves",
          most, std::min(transform_.cut(0), transform_.cut(1)));
  const Stream stream(settings_.start.seed, Purpose::initial_condition,
                      static_cast<std::uint64_t>(number), layer);
  const auto size = [](Index mx, Index my) {
    return std::hypot(static_cast<Real>(mx), static_cast<Real>(my));
  };
  Real sum = 0;
  for_each_mode(most, [&](Index mx, Index my) {
    const Complex z = normals(stream, mx, my);
    sum += 2 * variance(size(mx, my)) * (z.real() * z.real() + z.imag() * z.imag());
  });
  const Real scale = std::sqrt(total / sum);
  for (Index i = 0; i < n_; ++i) {
    auto [mx, my, mz] = transform_.mode(i);
    const Real m = size(mx, my);
    if (m == 0 || mx * mx + my * my > most * most) continue;
    const bool opposite = mx == 0 && my < 0;
    const Complex z = normals(stream, mx, opposite ? -my : my);
    out[i] += scale * std::sqrt(variance(m)) * (opposite ? Kokkos::conj(z) : z);
  }
}

void QuasiGeostrophic::start_noise(Complex* q, Index number) const {
  const Real a = settings_.start.amplitude;
  if (a == 0) return;
  for (Index l = 0; l < layers_; ++l)
    random_field(
        q + l * n_, number, static_cast<std::uint64_t>(l), [](Real) { return 1.0; }, a * a);
}

void QuasiGeostrophic::start_cosines(Complex* q, Index) const {
  const Real a = settings_.start.amplitude;
  const spectral::Box& box = settings_.box;
  // pyqg's points are in the middles of cells, which aliases notice.
  const std::vector<Complex> field = coefficients_of([&](Real x, Real y) {
    return a * std::cos(5 * box.unit(0) * (x + box.spacing(0) / 2)) +
           a / 10 * std::cos(5 * box.unit(1) * (y + box.spacing(1) / 2));
  });
  std::copy(field.begin(), field.end(), q);
}

void QuasiGeostrophic::start_wave(Complex* q, Index) const {
  const Start& s = settings_.start;
  const Real kx = settings_.box.unit(0) * static_cast<Real>(s.mode_x);
  const Real ky = settings_.box.unit(1) * static_cast<Real>(s.mode_y);
  for (Index l = 0; l < layers_; ++l) {
    const Real a = s.baroclinic && l == 1 ? -settings_.thickness_ratio * s.amplitude : s.amplitude;
    const auto field =
        coefficients_of([&](Real x, Real y) { return a * std::cos(kx * x + ky * y); });
    std::copy(field.begin(), field.end(), q + l * n_);
  }
}

void QuasiGeostrophic::start_jet(Complex* q, Index number) const {
  const Settings& s = settings_;
  const Real length = s.box.length[1];
  const auto flow = coefficients_of([&](Real, Real y) {
    return s.jet_speed * std::pow(std::cosh((y - length / 2) / s.jet_width), -2.0);
  });
  std::vector<Complex> psi(static_cast<std::size_t>(layers_ * n_), Complex(0, 0));
  for (std::size_t i = 0; i < flow.size(); ++i)
    if (ky_(i) != 0) psi[i] = Complex(0, 1) * flow[i] / ky_(i);
  potential_vorticity(q, psi.data());
  start_noise(q, number);
}

void QuasiGeostrophic::start_random_phase(Complex* q, Index number) const {
  // |psi|^2 of a mode m goes as 1 / (m^2 (1 + (m/6)^4)); the variance of the velocity is m^2 of it.
  const auto speed = [](Real m) { return 1 / (1 + std::pow(m / 6, 4)); };
  std::vector<Complex> psi(static_cast<std::size_t>(layers_ * n_), Complex(0, 0));
  random_field(psi.data(), number, 0, speed, 2 * settings_.start.amplitude);
  for (Index i = 0; i < n_; ++i) {
    const Real k = std::hypot(kx_.data()[i], ky_.data()[i]);
    psi[static_cast<std::size_t>(i)] *= k > 0 ? 1 / k : 0;
  }
  if (layers_ == 2) std::copy_n(psi.begin(), n_, psi.begin() + n_);
  potential_vorticity(q, psi.data());
}

}  // namespace starling::models
