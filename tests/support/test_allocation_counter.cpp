// SPDX-License-Identifier: BSD-3-Clause
#include "support/allocation_counter.hpp"

#include <Kokkos_Core.hpp>
#include <fftw3.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace starling::test_support {
namespace {

// Kept out of sight of the optimiser, which may remove a new that is only deleted.
void use(void* pointer) { asm volatile("" : : "g"(pointer) : "memory"); }

TEST(AllocationCounter, CountsEveryWayToAllocate) {
  const AllocationCounter counter;
  EXPECT_EQ(counter.count(), 0U);

  auto* number = new double(1.0);
  use(number);
  delete number;
  EXPECT_EQ(counter.count(), 1U);

  std::vector<double> numbers(100);
  use(numbers.data());
  EXPECT_EQ(counter.count(), 2U);

  void* aligned = nullptr;
  ASSERT_EQ(posix_memalign(&aligned, 64, 128), 0);
  use(aligned);
  std::free(aligned);
  aligned = std::aligned_alloc(64, 128);
  use(aligned);
  std::free(aligned);
  void* zeros = std::calloc(4, 4);
  use(zeros);
  zeros = std::realloc(zeros, 1000);
  use(zeros);
  std::free(zeros);
  EXPECT_EQ(counter.count(), 6U);
}

TEST(AllocationCounter, SeesIntoLibraries) {
  const AllocationCounter counter;
  void* buffer = fftw_malloc(1024);
  use(buffer);
  fftw_free(buffer);
  EXPECT_EQ(counter.count(), 1U);

  const Kokkos::View<double*> view("view", 16);
  EXPECT_GT(counter.count(), 1U);
}

TEST(AllocationCounter, CountsNothingWhereNothingIsAllocated) {
  std::vector<double> numbers(100, 1.0);
  const AllocationCounter counter;
  for (auto& number : numbers) {
    number *= 2.0;
  }
  use(numbers.data());
  EXPECT_EQ(counter.count(), 0U);
}

}  // namespace
}  // namespace starling::test_support
