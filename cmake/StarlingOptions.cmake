# SPDX-License-Identifier: BSD-3-Clause
# The choices a user has, and the compile options they lead to.

set(STARLING_PETSC AUTO CACHE STRING "PETSc and SLEPc: AUTO (used if found), ON (required), OFF")
set_property(CACHE STARLING_PETSC PROPERTY STRINGS AUTO ON OFF)
option(STARLING_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(STARLING_BENCHMARKS "Build the timing programs of tests/bench" ${PROJECT_IS_TOP_LEVEL})
option(STARLING_NATIVE "Use every instruction of this processor (-march=native)" ON)
option(STARLING_STRICT "More warnings, and every warning is an error" OFF)
option(STARLING_VERIFY_HEADERS "Compile every public header alone" OFF)
set(STARLING_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined")

# Kernels need -O3: at -O2 the radix loops of the batched transform are several times slower.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, RelWithDebInfo or Debug" FORCE)
endif()

find_program(STARLING_CCACHE ccache)
mark_as_advanced(STARLING_CCACHE)
if(STARLING_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${STARLING_CCACHE}" CACHE STRING "Compiler launcher")
endif()

# What every user of a module must share with it: the vector width is part of public headers.
add_library(starling_arch INTERFACE)
add_library(starling::arch ALIAS starling_arch)
set_target_properties(starling_arch PROPERTIES EXPORT_NAME arch)
target_compile_features(starling_arch INTERFACE cxx_std_20)
if(STARLING_NATIVE)
  target_compile_options(starling_arch INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-march=native>)
endif()
if(STARLING_SANITIZE)
  target_compile_options(starling_arch INTERFACE -fsanitize=${STARLING_SANITIZE}
                                                 -fno-sanitize-recover=all)
  target_link_options(starling_arch INTERFACE -fsanitize=${STARLING_SANITIZE})
endif()

# Warnings are private to this project's own sources.
add_library(starling_warnings INTERFACE)
target_compile_options(starling_warnings INTERFACE -Wall -Wextra -Wfloat-conversion)
# Not -Wconversion: index arithmetic between MPI's int, HDF5's unsigned and Kokkos's size_t would
# drown the code in casts. -Wfloat-conversion is the half of it that finds mistakes.
if(STARLING_STRICT)
  target_compile_options(
    starling_warnings
    INTERFACE -Wpedantic
              -Wshadow
              -Wnon-virtual-dtor
              -Woverloaded-virtual
              -Wcast-align
              -Wdouble-promotion
              -Wformat=2
              -Wextra-semi
              -Werror
              $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond>
              $<$<CXX_COMPILER_ID:GNU>:-Wlogical-op>
              $<$<CXX_COMPILER_ID:GNU>:-Wsuggest-override>)
endif()
