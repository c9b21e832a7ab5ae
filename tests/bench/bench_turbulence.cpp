// SPDX-License-Identifier: BSD-3-Clause
// Time of a step of a turbulent flow over that of the transforms it needs, timed in turn in the
// same program: in two dimensions FFTW's own of full size (real, measured, out of place), in three
// the program's own with nothing to do at the points. Minimum over many short blocks.
//     bench_turbulence [navier_stokes2d] [navier_stokes3d]
#include "core/config.hpp"
#include "models/integrator.hpp"
#include "models/navier_stokes2d.hpp"
#include "models/navier_stokes3d.hpp"
#include "timing.hpp"

#include <fftw3.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using namespace starling;

template <class F>
double seconds(const F& work) {
  const double start = cpu_seconds();
  work();
  return cpu_seconds() - start;
}

// As many transforms each way as the step has, of nx x ny values.
class Transforms {
 public:
  Transforms(Index nx, Index ny) {
    values_ = Array<Real*>("values", static_cast<std::size_t>(nx * ny));
    spectrum_ = Array<Complex*>("spectrum", static_cast<std::size_t>((nx / 2 + 1) * ny));
    auto* spectrum = reinterpret_cast<fftw_complex*>(spectrum_.data());
    const int x = static_cast<int>(nx), y = static_cast<int>(ny);
    forward_ = fftw_plan_dft_r2c_2d(y, x, values_.data(), spectrum, FFTW_MEASURE);
    inverse_ = fftw_plan_dft_c2r_2d(y, x, spectrum, values_.data(), FFTW_MEASURE);
    Kokkos::deep_copy(values_, 0.0);
    Kokkos::deep_copy(spectrum_, Complex(0));
  }
  ~Transforms() {
    fftw_destroy_plan(forward_);
    fftw_destroy_plan(inverse_);
  }
  Transforms(const Transforms&) = delete;
  Transforms& operator=(const Transforms&) = delete;

  void run(Index each) const {
    for (Index i = 0; i < each; ++i) {
      fftw_execute(inverse_);
      fftw_execute(forward_);
    }
  }

 private:
  Array<Real*> values_;
  Array<Complex*> spectrum_;
  fftw_plan forward_, inverse_;
};

// transforms(n): those of n evaluations of N.
template <class F>
void run(const std::string& name, models::Model& model, const std::string& scheme, Real dt,
         const std::string& grid, const F& transforms) {
  const auto found = std::find_if(steppers::builtin().begin(), steppers::builtin().end(),
                                  [&](const auto& one) { return one.name == scheme; });
  auto stepper = found->make(model, dt);
  const Index evaluations = stepper->evaluations();
  models::Integrator integrator(model, std::move(stepper));
  Array<Real**> states("states", 1, static_cast<std::size_t>(model.width()));
  Array<Real**> members("members", 1, static_cast<std::size_t>(model.dofs()));
  Array<Real**> history("history", 1, static_cast<std::size_t>(integrator.history_width()));
  model.reference(members.data());
  model.to_states(states, members);
  Index age = 0;
  const auto steps = [&](Index count) {
    if (integrator.advance(states, history, age, age + 1, count))
      fmt::print("{}: not finite\n", name);
    age += count;
  };
  const Index repeats = std::max<Index>(1, static_cast<Index>(4e-3 / seconds([&] { steps(1); })));
  double step = 1e9, fft = 1e9;
  for (int block = 0; block < 100; ++block) {
    step = std::min(step, seconds([&] { steps(repeats); }) / static_cast<double>(repeats));
    fft = std::min(
        fft, seconds([&] { transforms(repeats * evaluations); }) / static_cast<double>(repeats));
  }
  fmt::print("{:36} {:5} {:>11}: {:9.1f} us a step; its FFTs {:9.1f} us; step/FFTs {:.3f}\n", name,
             scheme, grid, 1e6 * step, 1e6 * fft, step / fft);
}

void navier_stokes2d(Index points, const std::string& scheme, const std::string& planning) {
  const models::ModelEntry entry = models::NavierStokes2d::entry();
  const std::string keys = fmt::format(
      "[model]\npoints = [{0}, {0}]\ninitial = \"mcwilliams1984\"\nhyperviscosity = 1e-16\n"
      "fft = \"{1}\"\n",
      points, planning);
  Config config = Config::parse(keys, "bench");
  const auto model = entry.make(config.section("model", entry.schema), MPI_COMM_SELF);
  const Transforms transforms(points, points);
  run("navier_stokes2d " + planning, *model, scheme, 1e-4, fmt::format("{0}x{0}", points),
      [&](Index evaluations) { transforms.run(2 * evaluations); });
}

// Fields as they come are what goes out: nothing but transforms.
class Products {
 public:
  explicit Products(const models::NavierStokes3d& flow)
      : flow_(&flow),
        in_("in", static_cast<std::size_t>(flow.fields_in() * flow.transform().coefficients())),
        out_("out", static_cast<std::size_t>(flow.fields_out() * flow.transform().coefficients())) {
  }
  void run(Index count) const {
    const Index ins = flow_->fields_in(), outs = flow_->fields_out();
    for (Index i = 0; i < count; ++i)
      flow_->transform().product(out_.data(), outs, in_.data(), ins,
                                 [=](Real* const* out, Real* const* in, Index points) {
                                   for (Index o = 0; o < outs; ++o)
                                     std::copy_n(in[o % ins], points, out[o]);
                                 });
  }

 private:
  const models::NavierStokes3d* flow_;
  Array<Complex*> in_, out_;
};

void navier_stokes3d(Index points, const std::string& advection, const std::string& planning) {
  const models::ModelEntry entry = models::NavierStokes3d::entry();
  Config config = Config::parse(fmt::format("[model]\npoints = [{0}, {0}, {0}]\nviscosity = "
                                            "1e-3\nadvection = \"{1}\"\nfft = \"{2}\"\n",
                                            points, advection, planning),
                                "bench");
  const auto model = entry.make(config.section("model", entry.schema), MPI_COMM_SELF);
  const Products products(dynamic_cast<const models::NavierStokes3d&>(*model));
  run(fmt::format("navier_stokes3d {} {}", advection, planning), *model, "rk4", 1e-3,
      fmt::format("{0}x{0}x{0}", points), [&](Index evaluations) { products.run(evaluations); });
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  {
    const Kokkos::ScopeGuard kokkos;
    const std::vector<std::string> names(argv + 1, argv + argc);
    const auto asked = [&](const std::string& name) {
      return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const char* planning : {"estimate", "measured"}) {
      for (const Index points : {64, 128, 256, 512})
        for (const char* scheme : {"rk4", "ab3"})
          if (asked("navier_stokes2d")) navier_stokes2d(points, scheme, planning);
      for (const char* advection : {"divergence", "rotational"})
        for (const Index points : {32, 64})
          if (asked("navier_stokes3d")) navier_stokes3d(points, advection, planning);
    }
  }
  MPI_Finalize();
}
