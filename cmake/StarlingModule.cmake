# SPDX-License-Identifier: BSD-3-Clause
include(GNUInstallDirs)

# Modules whose headers are part of the interface of the target starling::<module>; none for others.
function(starling_public_closure out dependency)
  set(closure)
  if(dependency MATCHES "^starling::(.*)$")
    get_property(closure GLOBAL PROPERTY STARLING_PUBLIC_${CMAKE_MATCH_1})
  endif()
  set(${out} "${closure}" PARENT_SCOPE)
endfunction()

# One layer of the program as a static library.
#
#   starling_module(<name>
#     SOURCES <file>...             at least one, so that CMake sees every cycle
#     HEADERS <file>...             public headers, installed as include/starling/<name>/<file>
#     DEPENDS <target>...           what the headers include: starling::<lower layer>, Kokkos::kokkos, ...
#     PRIVATE_DEPENDS <target>...)  what only the sources include
#
# Makes starling_<name> with the alias starling::<name>. Headers are included as "<name>/<file>".
function(starling_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;DEPENDS;PRIVATE_DEPENDS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "starling_module(${name}): what is '${arg_UNPARSED_ARGUMENTS}'?")
  endif()
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "starling_module(${name}): needs at least one source")
  endif()
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR PARENT_PATH base)

  foreach(dependency IN LISTS arg_DEPENDS arg_PRIVATE_DEPENDS)
    if(dependency MATCHES "^starling::" AND NOT TARGET ${dependency})
      message(FATAL_ERROR "starling_module(${name}): ${dependency} is not a lower layer "
                          "(see the order in src/CMakeLists.txt)")
    endif()
  endforeach()

  # What it may include, for the test of the layers: itself, what it depends on, and what the
  # headers of those depend on in turn.
  set(public ${name})
  foreach(dependency IN LISTS arg_DEPENDS)
    starling_public_closure(closure ${dependency})
    list(APPEND public ${closure})
  endforeach()
  set_property(GLOBAL PROPERTY STARLING_PUBLIC_${name} ${public})
  set(all ${public})
  foreach(dependency IN LISTS arg_PRIVATE_DEPENDS)
    starling_public_closure(closure ${dependency})
    list(APPEND all ${closure})
  endforeach()
  list(REMOVE_DUPLICATES all)
  set_property(GLOBAL APPEND_STRING PROPERTY STARLING_LAYERS "${CMAKE_CURRENT_SOURCE_DIR}: ${all}\n")

  set(target starling_${name})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(starling::${name} ALIAS ${target})
  set_target_properties(
    ${target} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON
                         VERIFY_INTERFACE_HEADER_SETS ${STARLING_VERIFY_HEADERS})
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${base}" FILES ${arg_HEADERS})
  target_link_libraries(
    ${target}
    PUBLIC starling::arch ${arg_DEPENDS}
    PRIVATE $<BUILD_INTERFACE:starling_warnings> ${arg_PRIVATE_DEPENDS})
  install(
    TARGETS ${target}
    EXPORT starlingTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/starling)
endfunction()
