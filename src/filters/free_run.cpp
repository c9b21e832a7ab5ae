// SPDX-License-Identifier: BSD-3-Clause
#include "filters/free_run.hpp"

namespace starling::filters {

FilterEntry FreeRun::entry() {
  return {"none",
          "no analysis: the ensemble runs free and observations only judge it",
          "",
          {},
          [](const Section&, const FilterContext&) -> std::unique_ptr<Filter> {
            return std::make_unique<FreeRun>();
          }};
}

}  // namespace starling::filters
