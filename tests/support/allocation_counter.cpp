// SPDX-License-Identifier: BSD-3-Clause
#include "support/allocation_counter.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdlib>

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): glibc's and the
// sanitizer's names

namespace {

// Only the thread that measures counts: MPI has threads of its own. Zero-initialised and of a
// plain type, so that reading it in malloc needs no allocation.
thread_local std::size_t allocations = 0;

}  // namespace

#if defined(__SANITIZE_ADDRESS__)

// Of <sanitizer/allocator_interface.h>, which g++ does not install.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*,
                                                                  std::size_t),
                                                         void (*)(const volatile void*));

namespace {
// The sanitizer owns malloc, and calls whoever asks.
[[maybe_unused]] const int hooks = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) { ++allocations; }, [](const volatile void*) {});
}  // namespace

#else

// The program's own malloc goes before glibc's, for every library as well; operator new calls it.
extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  ++allocations;
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) noexcept {
  ++allocations;
  return __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) noexcept {
  ++allocations;
  return __libc_realloc(old, size);
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  ++allocations;
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  ++allocations;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** out, std::size_t alignment, std::size_t size) noexcept {
  ++allocations;
  *out = __libc_memalign(alignment, size);
  return *out != nullptr || size == 0 ? 0 : ENOMEM;
}

}  // extern "C"

#endif

// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace starling::test_support {

AllocationCounter::AllocationCounter() : before_(allocations) {}

std::size_t AllocationCounter::count() const { return allocations - before_; }

}  // namespace starling::test_support
