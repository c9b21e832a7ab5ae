// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace starling::test_support {

/// Counts the heap allocations this thread makes while the object lives: every malloc, calloc,
/// realloc, aligned form of them and operator new, in the program and in the libraries it uses.
///
///     AllocationCounter counter;
///     stepper.step(...);
///     EXPECT_EQ(counter.count(), 0U);
class AllocationCounter {
 public:
  AllocationCounter();
  [[nodiscard]] std::size_t count() const;

 private:
  std::size_t before_;
};

}  // namespace starling::test_support
