# SPDX-License-Identifier: BSD-3-Clause
# Everything the libraries link to. The installed package includes this same file, so that a
# project which finds Starling gets the same targets; starling_find() is find_package() here and
# find_dependency() there.
#
# Packages with a target of their own:  Kokkos::kokkos MPI::MPI_CXX fmt::fmt spdlog::spdlog
#   CLI11::CLI11 nlohmann_json::nlohmann_json Boost::headers ZLIB::ZLIB OpenSSL::Crypto
# Packages that get one here:           starling::hdf5 starling::fftw starling::lapack
#   starling::toml starling::random123 starling::petsc (PETSc and SLEPc; exists only where the CMake
#   variable STARLING_HAVE_PETSC is true, and defines the macro of that name)

if(NOT COMMAND starling_find)
  macro(starling_find)
    find_package(${ARGV} REQUIRED)
  endmacro()
endif()

# A library known to pkg-config as `modules`, as the target starling::<name>. Only its directories
# and libraries: Debian's files carry packaging flags such as -D_FORTIFY_SOURCE, which we don't want.
macro(starling_pkg_config name requirement)
  pkg_check_modules(STARLING_${name} ${requirement} ${ARGN})
  if(STARLING_${name}_FOUND AND NOT TARGET starling::${name})
    add_library(starling::${name} INTERFACE IMPORTED)
    target_include_directories(starling::${name} INTERFACE ${STARLING_${name}_INCLUDE_DIRS})
    target_link_libraries(starling::${name} INTERFACE ${STARLING_${name}_LINK_LIBRARIES})
  endif()
endmacro()

# A header-only library without a package file of its own.
macro(starling_header_only name header)
  find_path(STARLING_${name}_INCLUDE_DIR ${header} REQUIRED)
  mark_as_advanced(STARLING_${name}_INCLUDE_DIR)
  if(NOT TARGET starling::${name})
    add_library(starling::${name} INTERFACE IMPORTED)
    target_include_directories(starling::${name} INTERFACE ${STARLING_${name}_INCLUDE_DIR})
  endif()
endmacro()

starling_find(Kokkos 3.4)
if(Kokkos_VERSION VERSION_LESS 4 AND Kokkos_INCLUDE_DIRS)
  # Debian's package names an include directory that does not exist.
  set_target_properties(Kokkos::kokkos PROPERTIES INTERFACE_INCLUDE_DIRECTORIES
                                                  "${Kokkos_INCLUDE_DIRS}")
endif()

# The C interface only: the deprecated C++ one makes mpi.h thirty times slower to compile.
set(MPI_CXX_SKIP_MPICXX ON CACHE BOOL "Leave the C++ bindings out of mpi.h" FORCE)
starling_find(MPI COMPONENTS C CXX)

set(HDF5_PREFER_PARALLEL ON)
starling_find(HDF5 COMPONENTS C)
if(NOT HDF5_IS_PARALLEL)
  message(FATAL_ERROR "Starling needs HDF5 built with MPI (Debian: libhdf5-openmpi-dev); "
                      "found a serial one in ${HDF5_INCLUDE_DIRS}")
endif()
if(NOT TARGET starling::hdf5)
  add_library(starling::hdf5 INTERFACE IMPORTED)
  target_link_libraries(starling::hdf5 INTERFACE hdf5::hdf5 MPI::MPI_CXX)
endif()

starling_find(Threads)
starling_find(fmt)
starling_find(spdlog)
starling_find(CLI11)
starling_find(nlohmann_json)
starling_find(Boost)
starling_find(ZLIB)
starling_find(OpenSSL)
starling_find(PkgConfig)
starling_pkg_config(fftw REQUIRED fftw3)
starling_pkg_config(lapack REQUIRED lapacke openblas)
starling_header_only(toml toml++/toml.h)
starling_header_only(random123 Random123/philox.h)

set(STARLING_HAVE_PETSC OFF)
if(STARLING_PETSC)
  set(_starling_petsc_requirement QUIET)
  if(NOT STARLING_PETSC STREQUAL "AUTO")
    set(_starling_petsc_requirement REQUIRED)
  endif()
  starling_pkg_config(petsc ${_starling_petsc_requirement} PETSc SLEPc)
  set(STARLING_HAVE_PETSC ${STARLING_petsc_FOUND})
  if(STARLING_HAVE_PETSC)
    target_compile_definitions(starling::petsc INTERFACE STARLING_HAVE_PETSC=1)
  endif()
endif()
