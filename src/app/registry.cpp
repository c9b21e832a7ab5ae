// SPDX-License-Identifier: BSD-3-Clause
#include "app/registry.hpp"

namespace starling::app {

Registry builtin_registry() { return {models::builtin(), steppers::builtin(), filters::builtin()}; }

}  // namespace starling::app
