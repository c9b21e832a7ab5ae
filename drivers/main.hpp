// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "app/registry.hpp"

namespace starling::drivers {

/// The program: parses the command line, runs one verb, returns the exit code.
int main(int argc, char** argv, const app::Registry& registry);

}  // namespace starling::drivers
