# SPDX-License-Identifier: BSD-3-Clause
# `cmake --install` gives a package that find_package(starling) finds.

include(CMakePackageConfigHelpers)
set(_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/starling")

install(TARGETS starling_arch EXPORT starlingTargets)
install(
  EXPORT starlingTargets
  NAMESPACE starling::
  DESTINATION "${_package_dir}")
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/starlingConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/generated/starlingConfig.cmake" INSTALL_DESTINATION "${_package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/generated/starlingConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(
  FILES "${PROJECT_BINARY_DIR}/generated/starlingConfig.cmake"
        "${PROJECT_BINARY_DIR}/generated/starlingConfigVersion.cmake"
        "${PROJECT_SOURCE_DIR}/cmake/StarlingDependencies.cmake"
  DESTINATION "${_package_dir}")
