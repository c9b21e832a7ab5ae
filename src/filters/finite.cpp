// SPDX-License-Identifier: BSD-3-Clause
#include "filters/finite.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "linalg/simd.hpp"

#include <cmath>

namespace starling::filters {

// 0 x is 0 for finite numbers and not a number otherwise.
bool all_finite(const Real* x, Index count) {
  linalg::Vector sums{};
  Index i = 0;
  for (; i + linalg::vector_width <= count; i += linalg::vector_width)
    sums += 0.0 * linalg::load(x + i);
  Real sum = linalg::sum(sums);
  for (; i < count; ++i) sum += 0.0 * x[i];
  return sum == 0;
}

void require_finite(const Analysis& analysis, MPI_Comm comm) {
  const Index columns = width_of(analysis.ensemble), observations = width_of(analysis.observed);
  const int members = static_cast<int>(rows_of(analysis.ensemble));
  int bad = 0;
  while (bad < members && all_finite(analysis.ensemble.data() + bad * columns, columns) &&
         all_finite(analysis.observed.data() + bad * observations, observations))
    ++bad;
  // Variances may be infinite. `members` stands for a bad observation, one more for none.
  if (bad == members) {
    bool good = all_finite(analysis.value, observations);
    for (Index i = 0; good && i < observations; ++i) good = !std::isnan(analysis.variance[i]);
    if (good) ++bad;
  }
  if (size_of(comm) > 1) STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &bad, 1, MPI_INT, MPI_MIN, comm));
  if (bad < members)
    throw NumericalError(
        fmt::format("analysis {}: member {} of the background is not finite", analysis.cycle, bad));
  if (bad == members)
    throw NumericalError(fmt::format(
        "analysis {}: observations or their error variances are not finite", analysis.cycle));
}

}  // namespace starling::filters
