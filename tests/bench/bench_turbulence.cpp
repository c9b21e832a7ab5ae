// SPDX-License-Identifier: BSD-3-Clause
// Time of a step of a turbulent flow over that of the transforms it needs, FFTW's own of full size
// (real, measured, out of place), timed in turn in the same program. Minimum over many short
// blocks.
#include "core/config.hpp"
#include "models/integrator.hpp"
#include "models/navier_stokes2d.hpp"
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

// `each`: transforms in each direction of one evaluation of N.
void run(const std::string& name, models::Model& model, const std::string& scheme, Real dt,
         Index nx, Index ny, Index each) {
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
  const Transforms transforms(nx, ny);
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
    fft = std::min(fft, seconds([&] { transforms.run(repeats * evaluations * each); }) /
                            static_cast<double>(repeats));
  }
  fmt::print("{:28} {:5} {:4}x{:<4}: {:9.1f} us a step; its FFTs {:9.1f} us; step/FFTs {:.3f}\n",
             name, scheme, nx, ny, 1e6 * step, 1e6 * fft, step / fft);
}

void navier_stokes2d(Index points, const std::string& scheme, const std::string& planning) {
  const models::ModelEntry entry = models::NavierStokes2d::entry();
  const std::string keys = fmt::format(
      "[model]\npoints = [{0}, {0}]\ninitial = \"mcwilliams1984\"\nhyperviscosity = 1e-16\n"
      "fft = \"{1}\"\n",
      points, planning);
  Config config = Config::parse(keys, "bench");
  const auto model = entry.make(config.section("model", entry.schema), MPI_COMM_SELF);
  run("navier_stokes2d " + planning, *model, scheme, 1e-4, points, points, 2);
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  {
    const Kokkos::ScopeGuard kokkos;
    for (const char* planning : {"estimate", "measured"})
      for (const Index points : {64, 128, 256, 512})
        for (const char* scheme : {"rk4", "ab3"}) navier_stokes2d(points, scheme, planning);
  }
  MPI_Finalize();
}
