# SPDX-License-Identifier: BSD-3-Clause
# The source of core/version.hpp. The compiler, flags and libraries are known now; the git hash is
# asked for at every build and written only when it changed.

set(_generated "${PROJECT_BINARY_DIR}/generated/version")
set(_kokkos_devices "${Kokkos_DEVICES}")
list(JOIN _kokkos_devices "+" _kokkos_devices)
set(STARLING_LIBRARY_VERSIONS
    "Kokkos ${Kokkos_VERSION} (${_kokkos_devices}), HDF5 ${HDF5_VERSION}, FFTW ${STARLING_fftw_VERSION}"
)
string(APPEND STARLING_LIBRARY_VERSIONS
       ", LAPACKE ${STARLING_lapack_lapacke_VERSION}, OpenBLAS ${STARLING_lapack_openblas_VERSION}")
if(STARLING_HAVE_PETSC)
  string(APPEND STARLING_LIBRARY_VERSIONS
         ", PETSc ${STARLING_petsc_PETSc_VERSION}, SLEPc ${STARLING_petsc_SLEPc_VERSION}")
endif()
string(TOUPPER "${CMAKE_BUILD_TYPE}" _type)
set(STARLING_BUILD_FLAGS "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${_type}}")
if(STARLING_NATIVE)
  string(APPEND STARLING_BUILD_FLAGS " -march=native")
endif()
if(STARLING_SANITIZE)
  string(APPEND STARLING_BUILD_FLAGS " -fsanitize=${STARLING_SANITIZE}")
endif()
string(STRIP "${STARLING_BUILD_FLAGS}" STARLING_BUILD_FLAGS)
configure_file("${PROJECT_SOURCE_DIR}/cmake/version.cpp.in" "${_generated}/version.cpp" @ONLY)

set(_git_hash_command
    ${CMAKE_COMMAND} -D "SOURCE_DIR=${PROJECT_SOURCE_DIR}" -D "OUTPUT=${_generated}/git_hash.hpp" -P
    "${PROJECT_SOURCE_DIR}/cmake/git_hash.cmake")
add_custom_target(
  starling_git_hash
  COMMAND ${_git_hash_command}
  BYPRODUCTS "${_generated}/git_hash.hpp"
  VERBATIM)
if(TARGET starling_core)
  target_sources(starling_core PRIVATE "${_generated}/version.cpp")
  add_dependencies(starling_core starling_git_hash)
endif()
