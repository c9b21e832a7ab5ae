// SPDX-License-Identifier: BSD-3-Clause
#include "app/registry.hpp"
#include "drivers/main.hpp"

int main(int argc, char** argv) {
  return starling::drivers::main(argc, argv, starling::app::builtin_registry());
}
