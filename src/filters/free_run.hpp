// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/entry.hpp"

namespace starling::filters {

/// No analysis: what the forecast alone is worth, to compare filters with.
class FreeRun : public Filter {
 public:
  Report analyse(const Analysis&) override { return {}; }
  static FilterEntry entry();
};

}  // namespace starling::filters
