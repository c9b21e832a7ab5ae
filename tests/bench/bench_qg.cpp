// SPDX-License-Identifier: BSD-3-Clause
// Time of a step of two-layer quasi-geostrophic turbulence over the time of its own transforms,
// measured in the same program in turn, so that a busy machine slows both alike. Minimum over many
// short blocks.
#include "models/integrator.hpp"
#include "models/quasi_geostrophic.hpp"
#include "timing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace starling;
using spectral::Dealiasing;

template <class F>
double seconds(const F& work) {
  const double start = cpu_seconds();
  work();
  return cpu_seconds() - start;
}

models::QuasiGeostrophic::Settings eddies(Index points, Dealiasing dealiasing) {
  models::QuasiGeostrophic::Settings settings(spectral::Box(points, points, 1e6, 1e6));
  settings.dealiasing = dealiasing;
  settings.planning = spectral::Planning::measured;
  settings.beta = 1.5e-11;
  settings.drag = 5.787e-7;
  settings.radius = 15e3;
  settings.thickness_ratio = 0.25;
  settings.mean_flow = {0.025, 0};
  settings.filter_strength = 23.6;
  settings.start = {.kind = "noise", .amplitude = 1e-6, .modes = 10};
  return settings;
}

void run(const std::string& name, Index points, Dealiasing dealiasing) {
  models::QuasiGeostrophic model(eddies(points, dealiasing), MPI_COMM_SELF);
  const auto& schemes = steppers::builtin();
  const auto scheme = std::find_if(schemes.begin(), schemes.end(),
                                   [](const auto& each) { return each.name == "ab3"; });
  models::Integrator integrator(model, scheme->make(model, 100.0, "start = \"euler\""));
  const auto width = static_cast<std::size_t>(model.width());
  Array<Real**> member("member", 1, static_cast<std::size_t>(model.dofs()));
  Array<Real**> state("state", 1, width);
  Array<Real**> history("history", 1, static_cast<std::size_t>(integrator.history_width()));
  model.reference(member.data());
  model.to_states(state, member);

  const Index ins = model.fields_in(), outs = model.fields_out();
  const auto& transform = model.transform();
  Array<Complex*> fields("fields",
                         static_cast<std::size_t>(std::max(ins, outs) * transform.coefficients()));
  // The least that makes outputs depend on inputs; zeros stay zeros.
  const auto copy = [=](Real* const* out, Real* const* in, Index count) {
    for (Index o = 0; o < outs; ++o) std::copy_n(in[o % ins], count, out[o]);
  };

  const Index steps = std::max<Index>(1, 200 * 64 * 64 / (points * points));
  constexpr int blocks = 40;
  double step = 1e9, fft = 1e9;
  Index done = 0;
  for (int block = 0; block < blocks; ++block) {
    step = std::min(step, seconds([&] { integrator.advance(state, history, done, done, steps); }));
    done += steps;
    fft = std::min(fft, seconds([&] {
                     for (Index s = 0; s < steps; ++s)
                       transform.product(fields.data(), outs, fields.data(), ins, copy);
                   }));
  }
  const double count = static_cast<double>(steps);
  fmt::print(
      "QG {}^2 {:10} {} + {} fields: {:7.3f} ms a step; its FFTs {:7.3f} ms; step/FFTs {:5.3f}\n",
      points, name, ins, outs, 1e3 * step / count, 1e3 * fft / count, step / fft);
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  {
    const Kokkos::ScopeGuard kokkos;
    for (const Index points : {64, 128, 256, 512}) {
      run("none", points, Dealiasing::none);
      run("truncation", points, Dealiasing::truncation);
      run("padding", points, Dealiasing::padding);
    }
  }
  MPI_Finalize();
}
