// SPDX-License-Identifier: BSD-3-Clause
#include "models/linear_gaussian.hpp"
#include "models/lorenz63.hpp"
#include "models/lorenz96.hpp"
#include "models/navier_stokes2d.hpp"
#include "models/navier_stokes3d.hpp"
#include "models/quasi_geostrophic.hpp"
#include "models/semilinear1d.hpp"

#ifdef STARLING_HAVE_PETSC
#include "models/double_gyre.hpp"
#include "models/ks_finite_difference.hpp"
#endif

namespace starling::models {

const std::vector<ModelEntry>& builtin() {
  static const std::vector<ModelEntry> all = {
      Semilinear1d::entry(),       Lorenz96::entry(),       Lorenz63::entry(),
      LinearGaussian::entry(),     NavierStokes2d::entry(), NavierStokes3d::entry(),
      QuasiGeostrophic::entry(),
#ifdef STARLING_HAVE_PETSC
      KsFiniteDifference::entry(), DoubleGyre::entry(),
#endif
  };
  return all;
}

}  // namespace starling::models
