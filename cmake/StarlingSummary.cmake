# SPDX-License-Identifier: BSD-3-Clause
if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()
message(STATUS "Starling ${PROJECT_VERSION}: ${CMAKE_BUILD_TYPE}, ${STARLING_BUILD_FLAGS}")
message(STATUS "  with ${STARLING_LIBRARY_VERSIONS}")
message(STATUS "  PETSc ${STARLING_HAVE_PETSC}, tests ${STARLING_TESTS}, strict ${STARLING_STRICT}")
