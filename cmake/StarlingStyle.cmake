# SPDX-License-Identifier: BSD-3-Clause
# Targets for the developer: format, format-check, tidy. Version 14 of the tools, so that every
# machine agrees.

find_program(STARLING_CLANG_FORMAT NAMES clang-format-14)
find_program(STARLING_CLANG_TIDY NAMES clang-tidy-14)
find_program(STARLING_RUN_CLANG_TIDY NAMES run-clang-tidy-14)
mark_as_advanced(STARLING_CLANG_FORMAT STARLING_CLANG_TIDY STARLING_RUN_CLANG_TIDY)

file(
  GLOB_RECURSE _sources CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/src/*.[ch]pp" "${PROJECT_SOURCE_DIR}/drivers/*.[ch]pp"
  "${PROJECT_SOURCE_DIR}/tests/*.[ch]pp")
if(STARLING_CLANG_FORMAT)
  add_custom_target(format COMMAND ${STARLING_CLANG_FORMAT} -i ${_sources} VERBATIM)
  add_custom_target(format-check COMMAND ${STARLING_CLANG_FORMAT} --dry-run --Werror ${_sources}
                                         VERBATIM)
endif()
if(STARLING_CLANG_TIDY AND STARLING_RUN_CLANG_TIDY)
  add_custom_target(
    tidy
    COMMAND
      ${STARLING_RUN_CLANG_TIDY} -quiet -clang-tidy-binary ${STARLING_CLANG_TIDY} -p
      "${PROJECT_BINARY_DIR}" "^${PROJECT_SOURCE_DIR}/(src|drivers|tests)/"
    VERBATIM)
endif()
