// SPDX-License-Identifier: BSD-3-Clause
#include "models/quasi_geostrophic.hpp"

#include "core/error.hpp"
#include "core/kernel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace starling::models {
namespace {

using spectral::BoxTransform;
using spectral::Dealiasing;

const Complex i_unit{0, 1};

const Complex* complex(ConstRows rows) { return reinterpret_cast<const Complex*>(rows.data()); }
Complex* complex(Rows rows) { return reinterpret_cast<Complex*>(rows.data()); }

BoxTransform make_transform(const QuasiGeostrophic::Settings& s, MPI_Comm space) {
  BoxTransform::Settings settings;
  settings.dealiasing = s.dealiasing;
  settings.planning = s.planning;
  settings.space = space;
  settings.most_fields = 7;
  return {s.box, settings};
}

}  // namespace

QuasiGeostrophic::QuasiGeostrophic(const Settings& settings, MPI_Comm space)
    : settings_(settings),
      space_(space),
      transform_(make_transform(settings, space)),
      layers_(settings.layers),
      n_(transform_.coefficients()) {
  const Settings& s = settings_;
  require(s.layers == 1 || s.layers == 2, "{} layers; allowed: 1, 2", s.layers);
  require(s.box.dimensions == 2, "quasi-geostrophic turbulence in three dimensions; allowed: two");
  require(s.radius > 0 || s.layers == 1, "deformation radius {} of two layers; allowed: > 0",
          s.radius);
  require(s.thickness_ratio > 0, "ratio of thicknesses {}; allowed: > 0", s.thickness_ratio);
  require(s.relaxation == 0 || s.layers == 2, "one layer is not relaxed; allowed: 0");
  kd2_ = s.radius > 0 ? 1 / (s.radius * s.radius) : 0;
  if (layers_ == 1) {
    share_ = {1, 0};
    f_ = {kd2_, 0};
    gradient_ = {s.beta + kd2_ * s.mean_flow[0], 0};
  } else {
    share_ = {s.thickness_ratio / (1 + s.thickness_ratio), 1 / (1 + s.thickness_ratio)};
    f_ = {kd2_ * share_[1], kd2_ * share_[0]};
    const Real shear = s.mean_flow[0] - s.mean_flow[1];
    gradient_ = {s.beta + f_[0] * shear, s.beta - f_[1] * shear};
  }
  // All forms are the same without aliases; this one needs a transform less.
  flux_form_ = s.dealiasing == Dealiasing::none || s.topography || s.sponge != 0;
  make_tables();
  make_sources();
  symbol_ = linear();
  factors_ = filter();
  for (Index i = 0; i < n_; ++i) decay_.push_back(decay(i));
  for (const auto& [name, quantity] : measured()) measured_.push_back(name);
}

void QuasiGeostrophic::make_tables() {
  const auto n = static_cast<std::size_t>(n_);
  kx_ = Array<Real*>("quasi_geostrophic::kx", n);
  ky_ = Array<Real*>("quasi_geostrophic::ky", n);
  barotropic_ = Array<Real*>("quasi_geostrophic::barotropic", n);
  baroclinic_ = Array<Real*>("quasi_geostrophic::baroclinic", n);
  bin_ = Array<Index*>("quasi_geostrophic::bin", n);
  const spectral::Box& box = settings_.box;
  shell_ = std::max(box.unit(0), box.unit(1));
  const Real most_x = box.unit(0) * static_cast<Real>(transform_.cut(0) - 1);
  const Real most_y = box.unit(1) * static_cast<Real>(transform_.cut(1) - 1);
  shells_ = std::lround(std::hypot(most_x, most_y) / shell_) + 1;
  for (std::size_t i = 0; i < n; ++i) {
    const auto k = transform_.wavenumber(static_cast<Index>(i));
    const Real k2 = k[0] * k[0] + k[1] * k[1];
    const Real of_mean = layers_ == 1 ? k2 + kd2_ : k2;
    kx_(i) = k[0];
    ky_(i) = k[1];
    barotropic_(i) = of_mean > 0 ? -1 / of_mean : 0;
    baroclinic_(i) = layers_ == 2 ? -1 / (k2 + kd2_) : 0;
    bin_(i) = std::lround(std::sqrt(k2) / shell_);
  }
  const auto most = static_cast<std::size_t>(7 * n_);
  fields_ = Array<Complex*>("quasi_geostrophic::fields", most);
  psi_ = Array<Complex*>("quasi_geostrophic::psi", 2 * n);
  tendency_ = Array<Complex*>("quasi_geostrophic::tendency", 2 * n);
  values_ =
      Array<Real*>("quasi_geostrophic::values", static_cast<std::size_t>(2 * transform_.points()));
}

void QuasiGeostrophic::make_sources() {
  const auto n = static_cast<std::size_t>(n_);
  const Settings& s = settings_;
  const auto keep = [n](Array<Complex*>& to, const std::vector<Complex>& from, Index layer) {
    std::copy(from.begin(), from.end(), to.data() + static_cast<std::size_t>(layer) * n);
  };
  if (s.topography) {
    topography_ = Array<Complex*>("quasi_geostrophic::topography", n);
    keep(topography_, coefficients_of(s.topography), 0);
  }
  const Real length = s.box.length[1], width = s.jet_width;
  const auto sech2 = [=](Real y) { return std::pow(std::cosh(y / width), -2.0); };
  const auto from_edge = [=](Real y) { return std::min(y, length - y); };
  if (s.sponge != 0) {
    sponge_ = Array<Complex*>("quasi_geostrophic::sponge", n);
    keep(sponge_, coefficients_of([=](Real, Real y) { return s.sponge * sech2(from_edge(y)); }), 0);
  }
  if (s.forcing[0] || s.forcing[1]) {
    forcing_ = Array<Complex*>("quasi_geostrophic::forcing", 2 * n);
    for (Index l = 0; l < layers_; ++l)
      if (const Field& f = s.forcing[static_cast<std::size_t>(l)]; f)
        keep(forcing_, coefficients_of(f), l);
  }
  const bool jet = s.relaxation != 0 && s.jet_speed != 0;
  if (!jet && forcing_.size() == 0) return;
  source_ = Array<Complex*>("quasi_geostrophic::source", 2 * n);
  if (forcing_.size() > 0) Kokkos::deep_copy(source_, forcing_);
  if (!jet) return;
  const std::vector<Complex> flow = coefficients_of(
      [=](Real, Real y) { return s.jet_speed * (sech2(y - length / 2) - sech2(from_edge(y))); });
  for (std::size_t i = 0; i < n; ++i) {
    if (ky_(i) == 0) continue;
    const Complex psi = i_unit * flow[i] / ky_(i);
    source_(i) -= s.relaxation * f_[0] * psi;
    source_(n + i) += s.relaxation * f_[1] * psi;
  }
}

std::vector<Complex> QuasiGeostrophic::coefficients_of(const Field& field) const {
  std::vector<Real> values;
  values.reserve(static_cast<std::size_t>(transform_.points()));
  const spectral::Box& box = settings_.box;
  for (const Range& piece : transform_.point_pieces())
    for (Index i = piece.begin; i < piece.end; ++i)
      values.push_back(field(box.spacing(0) * static_cast<Real>(i % box.points[0]),
                             box.spacing(1) * static_cast<Real>(i / box.points[0])));
  std::vector<Complex> coefficients(static_cast<std::size_t>(n_));
  transform_.to_coefficients(coefficients.data(), values.data(), 1);
  return coefficients;
}

Columns QuasiGeostrophic::value_columns() const {
  return Columns(transform_.all_points(), transform_.point_pieces()).repeated(layers_);
}

Columns QuasiGeostrophic::state_columns() const {
  std::vector<Range> pieces = transform_.coefficient_pieces();
  for (Range& each : pieces) each = {2 * each.begin, 2 * each.end};
  return Columns(2 * transform_.all_coefficients(), pieces).repeated(layers_);
}

Real QuasiGeostrophic::decay(Index i) const {
  const auto power = [&](Real k2) { return std::pow(k2, settings_.order); };
  const Real x2 = kx_.data()[i] * kx_.data()[i], y2 = ky_.data()[i] * ky_.data()[i];
  return settings_.viscosity * (settings_.anisotropic ? power(x2) + power(y2) : power(x2 + y2));
}

std::vector<std::complex<Real>> QuasiGeostrophic::linear() const {
  const Settings& s = settings_;
  const bool one = layers_ == 1;
  if (s.viscosity == 0 && !(one && (gradient_[0] != 0 || s.drag != 0))) return {};
  std::vector<std::complex<Real>> symbol(static_cast<std::size_t>(layers_ * n_));
  for (Index i = 0; i < layers_ * n_; ++i) {
    const Index j = i % n_;
    std::complex<Real>& l = symbol[static_cast<std::size_t>(i)];
    l = -decay(j);
    if (!one) continue;
    const Real kx = kx_.data()[j], ky = ky_.data()[j], psi = barotropic_.data()[j];
    l += std::complex<Real>(s.drag * (kx * kx + ky * ky) * psi, -kx * gradient_[0] * psi);
  }
  return symbol;
}

Real QuasiGeostrophic::cut_off(Real kx, Real ky) const {
  const Real from = 0.65 * std::numbers::pi;
  const Real k = std::hypot(kx * settings_.box.spacing(0), ky * settings_.box.spacing(1));
  return k > from ? std::exp(-settings_.filter_strength * std::pow(k - from, 4)) : 1;
}

std::vector<Real> QuasiGeostrophic::filter() const {
  if (settings_.filter_strength == 0) return {};
  std::vector<Real> factors(static_cast<std::size_t>(layers_ * n_));
  for (Index i = 0; i < layers_ * n_; ++i)
    factors[static_cast<std::size_t>(i)] = cut_off(kx_.data()[i % n_], ky_.data()[i % n_]);
  return factors;
}

Real QuasiGeostrophic::response(const std::array<Index, 3>& mode) const {
  if (!transform_.keeps(mode)) return 0;
  const spectral::Box& box = settings_.box;
  return cut_off(box.unit(0) * static_cast<Real>(mode[0]),
                 box.unit(1) * static_cast<Real>(mode[1]));
}

Index QuasiGeostrophic::fields_in() const {
  return layers_ * (flux_form_ ? 3 : 2) + (sponge_.size() > 0 ? 1 : 0);
}

Index QuasiGeostrophic::fields_out() const {
  if (!flux_form_) return layers_ == 1 ? 2 : 5;
  return layers_ * (sponge_.size() > 0 ? 3 : 2);
}

void QuasiGeostrophic::nonlinear(Rows out, ConstRows u, Real) {
  for (Index r = 0; r < rows_of(u); ++r) {
    const Complex* q = complex(u) + r * layers_ * n_;
    Complex* o = complex(out) + r * layers_ * n_;
    prepare(fields_.data(), q);
    advect(fields_.data());
    tendency(o, fields_.data(), q);
    add_sources(o, fields_.data());
  }
}

// Velocities, and in the flux form q, layer after layer; then the sponge.
void QuasiGeostrophic::prepare(Complex* fields, const Complex* state) const {
  const Index n = 2 * n_;
  const Real *kx = kx_.data(), *ky = ky_.data(), *of_mean = barotropic_.data();
  const Real* of_difference = baroclinic_.data();
  const auto* q = reinterpret_cast<const Real*>(state);
  auto* f = reinterpret_cast<Real*>(fields);
  // -i ky psi and i kx psi
  const auto rotate = [=](Real* u, Index i, Real re, Real im) {
    Real* v = u + n;
    u[2 * i] = ky[i] * im;
    u[2 * i + 1] = -ky[i] * re;
    v[2 * i] = -kx[i] * im;
    v[2 * i + 1] = kx[i] * re;
  };
  if (layers_ == 1) {
    const bool flux = flux_form_;
    for_each("quasi_geostrophic::velocities", n_,
             [=](Index i) { rotate(f, i, of_mean[i] * q[2 * i], of_mean[i] * q[2 * i + 1]); });
    if (flux) std::copy(q, q + n, f + 2 * n);
  } else {
    const Real s1 = share_[0], s2 = share_[1];
    const Real *q1 = q, *q2 = q + n;
    const auto pass = [&](auto flux) {
      constexpr bool with_q = decltype(flux)::value;
      constexpr Index each = with_q ? 3 : 2;
      Real *first = f, *second = f + each * n;
      for_each("quasi_geostrophic::velocities", n_, [=](Index i) {
        const Real r1 = q1[2 * i], i1 = q1[2 * i + 1], r2 = q2[2 * i], i2 = q2[2 * i + 1];
        const Real mean_r = of_mean[i] * (s1 * r1 + s2 * r2);
        const Real mean_i = of_mean[i] * (s1 * i1 + s2 * i2);
        const Real wave_r = of_difference[i] * (r1 - r2), wave_i = of_difference[i] * (i1 - i2);
        rotate(first, i, mean_r + s2 * wave_r, mean_i + s2 * wave_i);
        rotate(second, i, mean_r - s1 * wave_r, mean_i - s1 * wave_i);
        if constexpr (with_q) {
          first[2 * n + 2 * i] = r1;
          first[2 * n + 2 * i + 1] = i1;
          second[2 * n + 2 * i] = r2;
          second[2 * n + 2 * i + 1] = i2;
        }
      });
    };
    flux_form_ ? pass(std::true_type{}) : pass(std::false_type{});
  }
  if (topography_.size() > 0) {
    const auto* eta = reinterpret_cast<const Real*>(topography_.data());
    Real* lowest = f + (3 * layers_ - 1) * n;
    for_each("quasi_geostrophic::topography", n, [=](Index i) { lowest[i] += eta[i]; });
  }
  if (sponge_.size() > 0) {
    const auto* s = reinterpret_cast<const Real*>(sponge_.data());
    std::copy(s, s + n, f + 3 * layers_ * n);
  }
}

// Flux form: (U + u) q and v q of each layer, then s q of each.
void QuasiGeostrophic::advect(Complex* fields) const {
  const Index layers = layers_, ins = fields_in(), outs = fields_out();
  if (flux_form_) {
    const std::array<Real, 2> flow = settings_.mean_flow;
    const bool sponge = sponge_.size() > 0;
    transform_.product(
        fields, outs, fields, ins, [=](Real* const* out, Real* const* in, Index count) {
          for (Index l = 0; l < layers; ++l) {
            const Real *u = in[3 * l], *v = in[3 * l + 1], *q = in[3 * l + 2];
            Real *a = out[2 * l], *b = out[2 * l + 1];
            const Real mean = flow[static_cast<std::size_t>(l)];
            for_each("quasi_geostrophic::flux", count, [=](Index j) {
              a[j] = (mean + u[j]) * q[j];
              b[j] = v[j] * q[j];
            });
            if (!sponge) continue;
            const Real* s = in[3 * layers];
            Real* damped = out[2 * layers + l];
            for_each("quasi_geostrophic::sponge", count, [=](Index j) { damped[j] = s[j] * q[j]; });
          }
        });
    return;
  }
  stress(fields);
}

// u v and v^2 - u^2 of each layer, then J(psi_1, psi_2).
void QuasiGeostrophic::stress(Complex* fields) const {
  const Index layers = layers_, outs = layers == 1 ? 2 : 5;
  transform_.product(fields, outs, fields, 2 * layers,
                     [=](Real* const* out, Real* const* in, Index count) {
                       const Real *u1 = in[0], *v1 = in[1];
                       Real *a1 = out[0], *b1 = out[1];
                       if (layers == 1) {
                         for_each("quasi_geostrophic::stress", count, [=](Index j) {
                           a1[j] = u1[j] * v1[j];
                           b1[j] = v1[j] * v1[j] - u1[j] * u1[j];
                         });
                         return;
                       }
                       const Real *u2 = in[2], *v2 = in[3];
                       Real *a2 = out[2], *b2 = out[3], *both = out[4];
                       for_each("quasi_geostrophic::stress", count, [=](Index j) {
                         a1[j] = u1[j] * v1[j];
                         b1[j] = v1[j] * v1[j] - u1[j] * u1[j];
                         a2[j] = u2[j] * v2[j];
                         b2[j] = v2[j] * v2[j] - u2[j] * u2[j];
                         both[j] = u1[j] * v2[j] - v1[j] * u2[j];
                       });
                     });
}

// J(psi, zeta) = (dxx - dyy)(u v) + dxy (v^2 - u^2) (basdevant1983), J(psi_1, q_1) = J(psi_1,
// zeta_1)
// + F_1 J(psi_1, psi_2); in the flux form the divergence of (u q, v q).
void QuasiGeostrophic::tendency(Complex* out, const Complex* fields, const Complex* state) const {
  const Index n = 2 * n_;
  const Real *kx = kx_.data(), *ky = ky_.data(), *of_mean = barotropic_.data();
  const Real* of_difference = baroclinic_.data();
  const auto* q = reinterpret_cast<const Real*>(state);
  const auto* f = reinterpret_cast<const Real*>(fields);
  auto* o = reinterpret_cast<Real*>(out);
  const Real flow1 = settings_.mean_flow[0], flow2 = settings_.mean_flow[1];
  // What is inside of d/dx beside the products: (re, im) -> -i kx (re + i im).
  if (layers_ == 1) {
    if (flux_form_) {
      for_each("quasi_geostrophic::tendency", n_, [=](Index i) {
        const Real *a = f + 2 * i, *b = f + n + 2 * i;
        o[2 * i] = kx[i] * a[1] + ky[i] * b[1];
        o[2 * i + 1] = -kx[i] * a[0] - ky[i] * b[0];
      });
    } else {
      for_each("quasi_geostrophic::tendency", n_, [=](Index i) {
        const Real *a = f + 2 * i, *b = f + n + 2 * i;
        const Real in_a = kx[i] * kx[i] - ky[i] * ky[i], in_b = kx[i] * ky[i];
        o[2 * i] = in_a * a[0] + in_b * b[0] + kx[i] * flow1 * q[2 * i + 1];
        o[2 * i + 1] = in_a * a[1] + in_b * b[1] - kx[i] * flow1 * q[2 * i];
      });
    }
    return;
  }
  const Real s1 = share_[0], s2 = share_[1], f1 = f_[0], f2 = f_[1];
  const Real gradient1 = gradient_[0], gradient2 = gradient_[1];
  const Real relax1 = settings_.relaxation * f1, relax2 = settings_.relaxation * f2;
  const Real drag = settings_.drag;
  const auto pass = [&](auto flux) {
    constexpr bool with_q = decltype(flux)::value;
    for_each("quasi_geostrophic::tendency", n_, [=](Index i) {
      const Real x = kx[i], y = ky[i];
      const Real r1 = q[2 * i], i1 = q[2 * i + 1], r2 = q[n + 2 * i], i2 = q[n + 2 * i + 1];
      const Real mean_r = of_mean[i] * (s1 * r1 + s2 * r2);
      const Real mean_i = of_mean[i] * (s1 * i1 + s2 * i2);
      const Real wave_r = of_difference[i] * (r1 - r2), wave_i = of_difference[i] * (i1 - i2);
      const Real psi1_r = mean_r + s2 * wave_r, psi1_i = mean_i + s2 * wave_i;
      const Real psi2_r = mean_r - s1 * wave_r, psi2_i = mean_i - s1 * wave_i;
      const Real of_drag = drag * (x * x + y * y);
      // Inside of -d/dx, and the rest.
      Real in1_r = gradient1 * psi1_r, in1_i = gradient1 * psi1_i;
      Real in2_r = gradient2 * psi2_r, in2_i = gradient2 * psi2_i;
      Real n1_r = relax1 * wave_r, n1_i = relax1 * wave_i;
      Real n2_r = of_drag * psi2_r - relax2 * wave_r, n2_i = of_drag * psi2_i - relax2 * wave_i;
      const Real a1_r = f[2 * i], a1_i = f[2 * i + 1];
      const Real b1_r = f[n + 2 * i], b1_i = f[n + 2 * i + 1];
      const Real a2_r = f[2 * n + 2 * i], a2_i = f[2 * n + 2 * i + 1];
      const Real b2_r = f[3 * n + 2 * i], b2_i = f[3 * n + 2 * i + 1];
      if constexpr (with_q) {
        in1_r += a1_r;
        in1_i += a1_i;
        in2_r += a2_r;
        in2_i += a2_i;
        n1_r += y * b1_i;
        n1_i -= y * b1_r;
        n2_r += y * b2_i;
        n2_i -= y * b2_r;
      } else {
        const Real in_a = x * x - y * y, in_b = x * y;
        const Real both_r = f[4 * n + 2 * i], both_i = f[4 * n + 2 * i + 1];
        in1_r += flow1 * r1;
        in1_i += flow1 * i1;
        in2_r += flow2 * r2;
        in2_i += flow2 * i2;
        n1_r += in_a * a1_r + in_b * b1_r - f1 * both_r;
        n1_i += in_a * a1_i + in_b * b1_i - f1 * both_i;
        n2_r += in_a * a2_r + in_b * b2_r + f2 * both_r;
        n2_i += in_a * a2_i + in_b * b2_i + f2 * both_i;
      }
      o[2 * i] = n1_r + x * in1_i;
      o[2 * i + 1] = n1_i - x * in1_r;
      o[n + 2 * i] = n2_r + x * in2_i;
      o[n + 2 * i + 1] = n2_i - x * in2_r;
    });
  };
  flux_form_ ? pass(std::true_type{}) : pass(std::false_type{});
}

// Steady sources, and the sponge: s depends on y alone, so that the product with the zonal mean has
// kx = 0 and nothing else has.
void QuasiGeostrophic::add_sources(Complex* out, const Complex* fields) const {
  const Index n = n_, all = layers_ * n_;
  if (source_.size() > 0) {
    const Complex* source = source_.data();
    for_each("quasi_geostrophic::source", all, [=](Index i) { out[i] += source[i]; });
  }
  if (sponge_.size() == 0) return;
  const Complex* damped = fields + 2 * layers_ * n_;
  const Real* kx = kx_.data();
  for (Index l = 0; l < layers_; ++l)
    for_each("quasi_geostrophic::damp", n,
             [=](Index i) { out[l * n + i] -= (kx[i] != 0 ? 1.0 : 0.0) * damped[l * n + i]; });
}

void QuasiGeostrophic::invert(Complex* psi, const Complex* q) const {
  const Index n = n_;
  const Real *of_mean = barotropic_.data(), *of_difference = baroclinic_.data();
  if (layers_ == 1) {
    for_each("quasi_geostrophic::invert", n, [=](Index i) { psi[i] = of_mean[i] * q[i]; });
    return;
  }
  const Real s1 = share_[0], s2 = share_[1];
  for_each("quasi_geostrophic::invert", n, [=](Index i) {
    const Complex mean = of_mean[i] * (s1 * q[i] + s2 * q[n + i]);
    const Complex wave = of_difference[i] * (q[i] - q[n + i]);
    psi[i] = mean + s2 * wave;
    psi[n + i] = mean - s1 * wave;
  });
}

void QuasiGeostrophic::potential_vorticity(Complex* q, const Complex* psi) const {
  const Index n = n_;
  const Real *kx = kx_.data(), *ky = ky_.data();
  const Real f1 = f_[0], f2 = f_[1];
  const bool one = layers_ == 1;
  for_each("quasi_geostrophic::potential_vorticity", n, [=](Index i) {
    const Real k2 = kx[i] * kx[i] + ky[i] * ky[i];
    const Complex below = one ? Complex(0, 0) : psi[n + i];
    q[i] = -k2 * psi[i] + f1 * (below - psi[i]);
    if (!one) q[n + i] = -k2 * below + f2 * (psi[i] - below);
  });
}

Domain QuasiGeostrophic::domain() const {
  const spectral::Box& box = settings_.box;
  std::vector<Component> components;
  for (Index l = 0; l < layers_; ++l)
    components.push_back({layers_ == 1 ? "q" : fmt::format("q{}", l + 1), "potential vorticity",
                          "1/time", static_cast<Real>(l)});
  return Domain(
      {{box.points[0], 0, box.spacing(0), true}, {box.points[1], 0, box.spacing(1), true}},
      std::move(components));
}

void QuasiGeostrophic::to_physical(Rows members, ConstRows states) const {
  for (Index r = 0; r < rows_of(states); ++r)
    transform_.to_points(members.data() + r * dofs(), complex(states) + r * layers_ * n_, layers_);
}

void QuasiGeostrophic::to_states(Rows states, ConstRows members) const {
  for (Index r = 0; r < rows_of(states); ++r)
    transform_.to_coefficients(complex(states) + r * layers_ * n_, members.data() + r * dofs(),
                               layers_);
}

// A real transform of M points counts 2.5 M log2 M.
Real QuasiGeostrophic::flops() const {
  const Real m = static_cast<Real>(transform_.product_points(0)) *
                 static_cast<Real>(transform_.product_points(1));
  const auto fields = static_cast<Real>(fields_in() + fields_out());
  return fields * 2.5 * m * std::log2(m) + 60 * static_cast<Real>(n_) + 3 * m;
}

void QuasiGeostrophic::kick(Rows, Index, Index, Real dt) { dt_ = dt; }

}  // namespace starling::models
