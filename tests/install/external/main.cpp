// SPDX-License-Identifier: BSD-3-Clause
// Starling with one more model: all its verbs, and `name = "lorenz84"` in the input.
#include "drivers/main.hpp"

#include "app/registry.hpp"
#include "lorenz84.hpp"

int main(int argc, char** argv) {
  starling::app::Registry registry = starling::app::builtin_registry();
  registry.models.push_back(Lorenz84::entry());
  return starling::drivers::main(argc, argv, registry);
}
