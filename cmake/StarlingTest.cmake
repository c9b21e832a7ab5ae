# SPDX-License-Identifier: BSD-3-Clause

# What lets several ranks share few cores, also as root, without a line on stderr. Binding is off
# because every concurrent mpirun would otherwise bind to the same first core.
set(STARLING_TEST_ENVIRONMENT
    OMPI_ALLOW_RUN_AS_ROOT=1
    OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    OMPI_MCA_rmaps_base_oversubscribe=1
    OMPI_MCA_hwloc_base_binding_policy=none
    OMPI_MCA_mpi_yield_when_idle=1
    OMP_NUM_THREADS=1
    OMP_PROC_BIND=false
    OPENBLAS_NUM_THREADS=1
    GTEST_COLOR=no)
# What tests write goes to memory where it can: they bring files to the storage thousands of times, which
# takes a disk that is busy with a build minutes.
if(IS_DIRECTORY /dev/shm)
  set(default_test_folder /dev/shm)
else()
  set(default_test_folder "")
endif()
set(STARLING_TEST_FOLDER "${default_test_folder}"
    CACHE PATH "Where tests write their files; empty: where TMPDIR says")
if(STARLING_TEST_FOLDER)
  list(APPEND STARLING_TEST_ENVIRONMENT TMPDIR=${STARLING_TEST_FOLDER})
endif()
if(STARLING_SANITIZE)
  # libmpi leaks on purpose; OpenMPI and openblas are not built with sanitizers.
  list(APPEND STARLING_TEST_ENVIRONMENT ASAN_OPTIONS=detect_leaks=0
       UBSAN_OPTIONS=print_stacktrace=1)
endif()

# Any command as tests <name>.np<k> under mpiexec.
#
#   starling_mpi_test(<name>
#     COMMAND <target or program> <argument>...
#     [RANKS 1]            numbers of ranks, one ctest entry each
#     [LABELS unit]        unit law order oracle invariance inputs paper bench install
#     [TIMEOUT 300]        seconds; five times that under a sanitizer
#     [ENVIRONMENT a=b...] [PROPERTIES <ctest property> <value>...])
function(starling_mpi_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "COMMAND;RANKS;LABELS;ENVIRONMENT;PROPERTIES")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_COMMAND)
    message(FATAL_ERROR "starling_mpi_test(${name}): bad arguments '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT arg_RANKS)
    set(arg_RANKS 1)
  endif()
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  if(STARLING_SANITIZE)
    math(EXPR arg_TIMEOUT "5 * ${arg_TIMEOUT}")
  endif()
  list(POP_FRONT arg_COMMAND program)
  if(TARGET ${program})
    set(program $<TARGET_FILE:${program}>)
  endif()
  foreach(np IN LISTS arg_RANKS)
    add_test(NAME ${name}.np${np} COMMAND ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} ${np}
                                          ${MPIEXEC_PREFLAGS} ${program} ${arg_COMMAND})
    set_tests_properties(
      ${name}.np${np}
      PROPERTIES PROCESSORS ${np} TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
                 ENVIRONMENT "${STARLING_TEST_ENVIRONMENT};${arg_ENVIRONMENT}" ${arg_PROPERTIES})
  endforeach()
endfunction()

# A GoogleTest program with the shared MPI main of tests/support.
#
#   starling_test(<name> SOURCES <file>... DEPENDS starling::<module>...
#     [ARGS <argument>...] [RANKS 1] [LABELS unit] [TIMEOUT 300] [ENVIRONMENT ...])
#
# Makes test_<name> and the ctest entries <name>.np<k>. "support/mpi_test.hpp" can be included.
# STARLING_SOURCE_DIR is defined as the root of the tree, for tests that read inputs/.
function(starling_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;DEPENDS;ARGS;RANKS;LABELS;ENVIRONMENT")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "starling_test(${name}): what is '${arg_UNPARSED_ARGUMENTS}'?")
  endif()
  set(target test_${name})
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_DEPENDS} starling_test_main starling_warnings)
  starling_mpi_test(
    ${name}
    COMMAND ${target} ${arg_ARGS}
    RANKS ${arg_RANKS}
    LABELS ${arg_LABELS}
    TIMEOUT ${arg_TIMEOUT}
    ENVIRONMENT ${arg_ENVIRONMENT})
endfunction()

# A timing program with a main() of its own, Google Benchmark at hand; run by `ctest -L bench`.
#
#   starling_benchmark(<name> SOURCES <file>... DEPENDS <target>... [ARGS <argument>...])
#
# Makes bench_<name> and the ctest entry bench.<name>.np1, which judges nothing but the exit code.
# STARLING_SOURCE_DIR is defined as for tests.
function(starling_benchmark name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;DEPENDS;ARGS;RANKS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "starling_benchmark(${name}): what is '${arg_UNPARSED_ARGUMENTS}'?")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 600)
  endif()
  set(target bench_${name})
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_DEPENDS} benchmark::benchmark starling_warnings)
  target_compile_definitions(${target} PRIVATE STARLING_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  starling_mpi_test(
    bench.${name}
    COMMAND ${target} ${arg_ARGS}
    RANKS ${arg_RANKS}
    LABELS bench
    TIMEOUT ${arg_TIMEOUT}
    PROPERTIES RUN_SERIAL ON)
endfunction()
