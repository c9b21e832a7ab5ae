// SPDX-License-Identifier: BSD-3-Clause
// Time of a step of a turbulent flow over that of the transforms it needs, timed in turn in the
// same program: in two dimensions FFTW's own of full size (real, measured, out of place), in three
// the program's own with nothing to do at the points. Minimum over many short blocks.
//     bench_turbulence [navier_stokes2d] [navier_stokes3d]
#include "core/config.hpp"
#include "core/process_grid.hpp"
#include "models/integrator.hpp"
#include "models/navier_stokes2d.hpp"
#include "models/navier_stokes3d.hpp"

#include <fftw3.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace starling;

template <class F>
double seconds(const F& work) {
  MPI_Barrier(MPI_COMM_WORLD);
  const double start = MPI_Wtime();
  work();
  double took = MPI_Wtime() - start;
  MPI_Allreduce(MPI_IN_PLACE, &took, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return took;
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

// One member of a model on the ranks of its space.
class Flow {
 public:
  Flow(models::Model& model, const std::string& scheme, Real dt)
      : Flow(model, std::find_if(steppers::builtin().begin(), steppers::builtin().end(),
                                 [&](const auto& one) { return one.name == scheme; })
                        ->make(model, dt)) {}

  Index evaluations() const { return evaluations_; }
  void steps(Index count) {
    if (integrator_.advance(states_, history_, age_, age_ + 1, count)) fmt::print("not finite\n");
    age_ += count;
  }

 private:
  Flow(models::Model& model, std::unique_ptr<steppers::Stepper> stepper)
      : evaluations_(stepper->evaluations()),
        integrator_(model, std::move(stepper)),
        states_("states", 1, static_cast<std::size_t>(model.width())),
        history_("history", 1, static_cast<std::size_t>(integrator_.history_width())) {
    const Array<Real**> members("members", 1, static_cast<std::size_t>(model.dofs()));
    model.reference(members.data());
    model.to_states(states_, members);
  }

  Index evaluations_, age_ = 0;
  models::Integrator integrator_;
  Array<Real**> states_, history_;
};

using MakeModel = std::function<std::unique_ptr<models::Model>(MPI_Comm)>;

// transforms(model)(n): those of n evaluations of N.
template <class F>
void run(const std::string& name, const MakeModel& make, const std::string& scheme, Real dt,
         const std::string& grid, const F& transforms) {
  const int ranks = size_of(MPI_COMM_WORLD);
  const bool root = rank_of(MPI_COMM_WORLD) == 0;
  const auto model = make(MPI_COMM_SELF), part = make(MPI_COMM_WORLD);
  Flow alone(*model, scheme, dt), shared(*part, scheme, dt);
  const auto fft = transforms(*model);
  const Index repeats =
      std::max<Index>(1, static_cast<Index>(4e-3 / seconds([&] { alone.steps(1); })));
  const auto best = [repeats](double& least, const auto& work) {
    least = std::min(least, seconds(work) / static_cast<double>(repeats));
  };
  double step = 1e9, its_fft = 1e9, step_shared = 1e9;
  for (int block = 0; block < 60; ++block) {
    best(step, [&] {
      if (root) alone.steps(repeats);
    });
    best(its_fft, [&] {
      if (root) fft(repeats * alone.evaluations());
    });
    if (ranks > 1) best(step_shared, [&] { shared.steps(repeats); });
  }
  if (!root) return;
  fmt::print("{:36} {:5} {:>11}: {:9.1f} us a step; its FFTs {:9.1f} us; step/FFTs {:.3f}", name,
             scheme, grid, 1e6 * step, 1e6 * its_fft, step / its_fft);
  if (ranks > 1)
    fmt::print("; {} ranks {:9.1f} us, {:.2f} times as fast", ranks, 1e6 * step_shared,
               step / step_shared);
  fmt::print("\n");
}

void navier_stokes2d(Index points, const std::string& scheme, const std::string& planning) {
  const models::ModelEntry entry = models::NavierStokes2d::entry();
  const auto make = [&](MPI_Comm space) {
    Config config =
        Config::parse(fmt::format("[model]\npoints = [{0}, {0}]\ninitial = \"mcwilliams1984\"\n"
                                  "hyperviscosity = 1e-16\nfft = \"{1}\"\n",
                                  points, planning),
                      "bench");
    return entry.make(config.section("model", entry.schema), space);
  };
  const Transforms transforms(points, points);
  run("navier_stokes2d " + planning, make, scheme, 1e-4, fmt::format("{0}x{0}", points),
      [&](const models::Model&) {
        return [&](Index evaluations) { transforms.run(2 * evaluations); };
      });
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
  const auto make = [&](MPI_Comm space) {
    Config config = Config::parse(fmt::format("[model]\npoints = [{0}, {0}, {0}]\nviscosity = "
                                              "1e-3\nadvection = \"{1}\"\nfft = \"{2}\"\n",
                                              points, advection, planning),
                                  "bench");
    return entry.make(config.section("model", entry.schema), space);
  };
  run(fmt::format("navier_stokes3d {} {}", advection, planning), make, "rk4", 1e-3,
      fmt::format("{0}x{0}x{0}", points), [](const models::Model& model) {
        return [products = Products(dynamic_cast<const models::NavierStokes3d&>(model))](
                   Index evaluations) { products.run(evaluations); };
      });
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
        for (const Index points : {32, 64, 128})
          if (asked("navier_stokes3d")) navier_stokes3d(points, advection, planning);
    }
  }
  MPI_Finalize();
}
