// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>

/// One line for each registered model: a small, stable set-up for the law suites.
namespace starling::test_support {

inline const std::map<std::string, std::string> models = {
    {"semilinear1d",
     "points = 32\nlength = 22.0\ndealiasing = \"truncation\"\ninitial = \"sine\"\n"
     "terms = { uu_x = 1.0, u_xx = 1.0, u_xxx = 0.1, u_xxxx = 1.0, uuu_x = 0.1 }\n"},
    {"lorenz96", "variables = 40\n"},
    {"lorenz63", ""},
    {"quasi_geostrophic",
     "points = [8, 6]\nlengths = [6.0, 5.0]\nbeta = 0.5\nradius = 0.7\nthickness_ratio = 0.5\n"
     "mean_flow = [0.3, 0.0]\ndrag = 0.1\nhyperviscosity = 1e-3\nhyperviscosity_power = 2\n"
     "filter = 23.6\nrelaxation = 0.1\njet_speed = 0.5\nsponge = 0.2\n"
     "topography_amplitude = 0.1\nforcing_amplitude = 0.1\ndealiasing = \"padding\"\n"
     "initial = \"noise\"\ninitial_modes = 2\n"},
    {"linear_gaussian",
     "family = \"advection\"\nvariables = 12\nspeed = 1.0\nrate = 0.1\nmean = 2.0\n"},
    {"navier_stokes2d",
     "points = [8, 6]\nlengths = [4.0, 3.0]\nviscosity = 0.05\nmean_flow = [0.1, 0.0]\n"
     "initial = \"taylor_green\"\nforcing = \"kolmogorov\"\nforcing_mode = 1\n"
     "tracer_diffusivity = [2.0]\ntracer_initial = [\"cosine_x\"]\n"},
    {"navier_stokes3d",
     // Viscous, so that errors last in few directions, as many as six members span.
     "points = [6, 6, 4]\nlengths = [2.0, 2.5, 1.5]\ndealiasing = \"padding\"\nviscosity = 10.0\n"
     "forcing = \"abc\"\nforcing_amplitude = 50.0\ninitial = \"abc\"\ninitial_abc = [1.0, 0.5, "
     "0.25]\n"
     "rotation = 0.5\nstratification = 1.0\nbuoyancy_diffusivity = 10.0\n"
     "buoyancy_initial = \"sine_x\"\n"},
    // So coarse that explicit schemes are stable, leapfrog included.
    {"ks_finite_difference", "points = 16\nlength = 22.0\ninitial = \"sine\"\n"},
    {"double_gyre",
     "points = [6, 5]\nlengths = [5.0, 4.0]\nadvection = 0.3\nfroude = 0.5\nwind = 0.7\n"
     "drag = 0.01\nviscosity = 0.01\nhyperviscosity = 0.002\ninitial = \"random\"\n"},
};

/// Keys of [observations] of models of several components: from one alone six members learn nothing
/// of the others.
inline const std::map<std::string, std::string> keys_of_observations = {
    {"quasi_geostrophic", "components = [\"q1\", \"q2\"]\n"},
    {"navier_stokes3d", "components = [\"u\", \"v\", \"w\", \"buoyancy\"]\n"},
};

/// Filters that don't take six members, or need more: how many they have for so many dofs, and what
/// the input has to say besides.
inline int members_for(const std::string& filter, const std::string& model, long dofs) {
  if (filter == "optimal_interpolation" || filter == "var3d") return 1;
  if (filter == "kalman" || filter == "extended_kalman") return static_cast<int>(2 * dofs);
  // Errors of two layers last in more directions than six members span.
  return model == "quasi_geostrophic" ? 20 : 6;
}
inline const std::string climatology = "[climatology]\nmembers = 50\nspin_up = 1.0\n";
inline const std::string localization = "taper = \"gaspari_cohn\"\nsupport = 8.0\n";
inline const std::map<std::string, std::string> keys_of_filters = {
    {"letkf", localization},
    {"lestkf", localization},
    {"lnetf", localization},
    {"climatology", climatology},
    {"hybrid_gain", climatology},
    {"optimal_interpolation", climatology},
    {"var3d", "background_factor = 0.002\n" + climatology},
};

/// A time step at which all schemes are stable on all of these.
inline constexpr double dt = 0.005;

}  // namespace starling::test_support
