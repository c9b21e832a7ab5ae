# SPDX-License-Identifier: BSD-3-Clause
# Run at build time: writes OUTPUT with the commit of SOURCE_DIR, if it is not already that.
# In a tarball made by `git archive` the commit stands in archive_hash.txt; elsewhere "unknown".

set(hash "unknown")
# A checkout only when this tree is its root: a tarball unpacked inside another one is not that one.
if(EXISTS "${SOURCE_DIR}/.git")
  execute_process(
    COMMAND git -c "safe.directory=${SOURCE_DIR}" -C "${SOURCE_DIR}" describe --always --dirty --abbrev=12 --exclude=*
    OUTPUT_VARIABLE described
    RESULT_VARIABLE failed
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT failed AND described)
    set(hash "${described}")
  endif()
else()
  file(STRINGS "${SOURCE_DIR}/cmake/archive_hash.txt" archived LIMIT_COUNT 1)
  if(archived MATCHES "^[0-9a-f]+$")
    set(hash "${archived}")
  endif()
endif()

set(text "#define STARLING_GIT_HASH \"${hash}\"\n")
set(before "")
if(EXISTS "${OUTPUT}")
  file(READ "${OUTPUT}" before)
endif()
if(NOT before STREQUAL text)
  file(WRITE "${OUTPUT}" "${text}")
endif()
