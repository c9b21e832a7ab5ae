// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/findings.hpp"

namespace starling::datasets::check {

void Tally::note(const std::string& what, Index trajectory, Index frame,
                 const std::string& detail) {
  Case& known = cases_[what];
  if (known.count++ == 0)
    known.first = fmt::format("trajectory {}, frame {}{}{}", trajectory, frame,
                              detail.empty() ? "" : ": ", detail);
}

void Tally::add_to(Findings& findings) const {
  for (const auto& [what, known] : cases_) {
    if (known.count == 1) findings.add("{} ({})", what, known.first);
    if (known.count > 1)
      findings.add("{} ({}; and {} more frames)", what, known.first, known.count - 1);
  }
}

}  // namespace starling::datasets::check
