# SPDX-License-Identifier: BSD-3-Clause
include(GNUInstallDirs)

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
  foreach(kind SOURCES HEADERS)
    foreach(file IN LISTS arg_${kind})
      if(NOT EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
        message(WARNING "starling_module(${name}): ${file} is not there (yet)")
        list(REMOVE_ITEM arg_${kind} "${file}")
      endif()
    endforeach()
  endforeach()
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR PARENT_PATH base)

  foreach(kind DEPENDS PRIVATE_DEPENDS)
    foreach(dependency IN LISTS arg_${kind})
      if(dependency MATCHES "^starling::" AND NOT TARGET ${dependency})
        message(WARNING "starling_module(${name}): ${dependency} is not a lower layer, or not there (yet)")
        list(REMOVE_ITEM arg_${kind} "${dependency}")
      endif()
    endforeach()
  endforeach()

  # What it may include, as the test of the layers reads it: itself and all it depends on.
  set(may_include ${name})
  foreach(dependency IN LISTS arg_DEPENDS arg_PRIVATE_DEPENDS)
    if(dependency MATCHES "^starling::(.*)$")
      get_property(below GLOBAL PROPERTY STARLING_MAY_INCLUDE_${CMAKE_MATCH_1})
      list(APPEND may_include ${below})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES may_include)
  set_property(GLOBAL PROPERTY STARLING_MAY_INCLUDE_${name} ${may_include})
  set_property(GLOBAL APPEND_STRING PROPERTY STARLING_LAYERS "${CMAKE_CURRENT_SOURCE_DIR}: ${may_include}\n")

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
