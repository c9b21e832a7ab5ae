// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/measurable.hpp"

namespace starling::diagnostics {

void Measurable::measure(Real*, ConstRows, Real) {}

void Measurable::measure_spectra(Real*, ConstRows) {}

void Measurable::derive(Real*, ConstRows) {}

Real Measurable::courant(ConstRows) { return 0; }

}  // namespace starling::diagnostics
