// SPDX-License-Identifier: BSD-3-Clause
// Starling with the rotating shallow-water equations: one source file that holds the model, its
// keys and main. docs/add-a-model.md of Starling walks through it.
#include "app/registry.hpp"
#include "core/kernel.hpp"
#include "drivers/main.hpp"
#include "models/box_model.hpp"

#include <array>
#include <cmath>
#include <complex>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace starling;

/// A layer of the thickness h on an f-plane, periodic (vallis2017, chapter 3):
///
///     h_t = -(h u)_x - (h v)_y                                  - nu lap^2 h
///     u_t =  (zeta + f) v - B_x,    zeta = v_x - u_y            - nu lap^2 u
///     v_t = -(zeta + f) u - B_y,    B = g h + (u^2 + v^2)/2     - nu lap^2 v
///
/// A state is the coefficients of h, u and v. The hyperviscosity is L, everything else is N.
class ShallowWater final : public models::BoxModel {
 public:
  ShallowWater(const Section& model, MPI_Comm space)
      : BoxModel(settings(model),
                 {{"h", "thickness", "m"},
                  {"u", "velocity along x", "m/s"},
                  {"v", "velocity along y", "m/s"}},
                 4, 5, space),
        g_(model.real("g")),
        f_(model.real("f")),
        depth_(model.real("depth")),
        nu_(model.real("hyperviscosity")),
        initial_(model.text("initial")),
        amplitude_(model.real("amplitude")),
        radius_(model.real("radius")),
        modes_(model.integers("modes")) {
    if (modes_.size() != 2 || (modes_[0] == 0 && modes_[1] == 0))
      model.fail("modes", "is not the number of a wave", "two integers, not both 0");
    if (initial_ == "vortex" && f_ * f_ < 4 * g_ * amplitude_ / (radius_ * radius_))
      model.fail("amplitude", "is a high that no rotation balances", "<= f^2 radius^2 / (4 g)");
  }

  std::vector<std::complex<Real>> linear() const override {
    return diagonal([this](Index, const std::array<Real, 3>& k) {
      return -nu_ * std::pow(k[0] * k[0] + k[1] * k[1], 2);
    });
  }

  void rate(Complex* out, const Complex* in, Real) override {
    const Index n = coefficients();
    const Real *kx = wavenumbers(0), *ky = wavenumbers(1), g = g_, f = f_;
    add_vorticity(in);
    Complex* w = work();
    transform().product(w, 5, w, 4, [=](Real* const* o, Real* const* i, Index count) {
      const Real *h = i[0], *u = i[1], *v = i[2], *zeta = i[3];
      Real *hu = o[0], *hv = o[1], *along_u = o[2], *along_v = o[3], *bernoulli = o[4];
      for_each("shallow_water::products", count, [=](Index j) {
        hu[j] = h[j] * u[j];
        hv[j] = h[j] * v[j];
        along_u[j] = (zeta[j] + f) * v[j];
        along_v[j] = -(zeta[j] + f) * u[j];
        bernoulli[j] = g * h[j] + (u[j] * u[j] + v[j] * v[j]) / 2;
      });
    });
    for_each("shallow_water::rate", n, [=](Index j) {
      const Complex i_kx(0, kx[j]), i_ky(0, ky[j]);
      out[j] = -(i_kx * w[j] + i_ky * w[n + j]);
      out[n + j] = w[2 * n + j] - i_kx * w[4 * n + j];
      out[2 * n + j] = w[3 * n + j] - i_ky * w[4 * n + j];
    });
  }

  std::vector<diagnostics::Quantity> quantities() const override {
    return {{"energy", "mean h (u^2 + v^2)/2 + g h^2/2", "m^3/s^2"},
            {"potential_enstrophy", "mean (zeta + f)^2 / (2 h)", "1/(m s^2)"},
            {"mass", "mean h", "m"}};
  }
  void measure(Real* out, ConstRows state, Real) override {
    to_grid(state);
    const Index n = transform().points();
    const Real *h = values(), *u = h + n, *v = u + n, *zeta = v + n;
    out[0] = out[1] = out[2] = 0;
    for (Index j = 0; j < n; ++j) {
      out[0] += h[j] * (u[j] * u[j] + v[j] * v[j]) / 2 + g_ * h[j] * h[j] / 2;
      out[1] += (zeta[j] + f_) * (zeta[j] + f_) / (2 * h[j]);
      out[2] += h[j];
    }
    add_over_space(out, 3);
    for (int q = 0; q < 3; ++q) out[q] /= static_cast<Real>(transform().all_points());
  }

  std::vector<Component> derived() const override {
    return {{"potential_vorticity", "(zeta + f) / h", "1/(m s)"}};
  }
  void derive(Real* out, ConstRows state) override {
    to_grid(state);
    const Index n = transform().points();
    const Real *h = values(), *zeta = h + 3 * n;
    for (Index j = 0; j < n; ++j) out[j] = (zeta[j] + f_) / h[j];
  }

  void reference(Real* member) const override {
    const spectral::Box& box = transform().box();
    const Real a = amplitude_, r2 = radius_ * radius_;
    // A plane inertia-gravity wave, which travels along k with omega^2 = f^2 + g H k^2.
    const Real kx = box.unit(0) * static_cast<Real>(modes_[0]);
    const Real ky = box.unit(1) * static_cast<Real>(modes_[1]), k2 = kx * kx + ky * ky;
    const Real omega = std::sqrt(f_ * f_ + g_ * depth_ * k2);
    const auto wave = [&](Real* fields, const Point& at) {
      const Real c = a * std::cos(kx * at[0] + ky * at[1]) / (depth_ * k2);
      const Real s = a * std::sin(kx * at[0] + ky * at[1]) / (depth_ * k2);
      fields[0] = depth_ + c * depth_ * k2;
      fields[1] = omega * kx * c - f_ * ky * s;
      fields[2] = omega * ky * c + f_ * kx * s;
    };
    // V^2/r + f V = g h_r: steady, and geostrophic where V/r is small beside f.
    const auto vortex = [&](Real* fields, const Point& at) {
      const Real x = at[0] - box.length[0] / 2, y = at[1] - box.length[1] / 2;
      const Real bump = a * std::exp(-(x * x + y * y) / (2 * r2));
      const Real rate = (std::copysign(std::sqrt(f_ * f_ - 4 * g_ * bump / r2), f_) - f_) / 2;
      fields[0] = depth_ + bump;
      fields[1] = -rate * y;
      fields[2] = rate * x;
    };
    initial_ == "wave" ? set_fields(member, wave) : set_fields(member, vortex);
  }

  static models::ModelEntry entry() {
    return {"shallow_water",
            "h_t = -div(h u), u_t = -(zeta + f) k x u - grad(g h + |u|^2/2), with hyperviscosity",
            "vallis2017",
            keys() + Schema{Key::real("g", "gravity [m/s^2]").above(0),
                            Key::real("f", "Coriolis parameter [1/s]"),
                            Key::real("depth", "mean of h [m]").above(0),
                            Key::real("hyperviscosity", "nu [m^4/s]").at_least(0).otherwise(0.0),
                            Key::text("initial",
                                      "wave: inertia-gravity wave; vortex: balanced, in the middle")
                                .one_of({"wave", "vortex"}),
                            Key::real("amplitude", "of h [m]"),
                            Key::real("radius", "of the vortex [m]").above(0),
                            Key::integers("modes", "of the wave in x and y")},
            [](const Section& model, MPI_Comm space) -> std::unique_ptr<models::Model> {
              return std::make_unique<ShallowWater>(model, space);
            },
            true};
  }

 private:
  // work() = h, u, v and zeta.
  void add_vorticity(const Complex* in) const {
    const Index n = coefficients();
    const Real *kx = wavenumbers(0), *ky = wavenumbers(1);
    Complex* w = work();
    for_each("shallow_water::fields", 3 * n, [=](Index j) { w[j] = in[j]; });
    for_each("shallow_water::vorticity", n, [=](Index j) {
      w[3 * n + j] = Complex(0, kx[j]) * in[2 * n + j] - Complex(0, ky[j]) * in[n + j];
    });
  }
  // The same in values().
  void to_grid(ConstRows state) const {
    add_vorticity(coefficients_of(state));
    transform().to_points(values(), work(), 4);
  }

  Real g_, f_, depth_, nu_;
  std::string initial_;
  Real amplitude_, radius_;
  std::vector<std::int64_t> modes_;
};

}  // namespace

int main(int argc, char** argv) {
  app::Registry registry = app::builtin_registry();
  registry.models.push_back(ShallowWater::entry());
  return drivers::main(argc, argv, registry);
}
