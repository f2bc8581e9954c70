# The one place that knows how our targets are compiled: language level, warnings, sanitizers.
#
#   pm_add_library(NAME [OBJECT|MODULE] [UNINSTRUMENTED [GRPC_PCH]] SOURCES a.cc ...
#                  [PUBLIC lib ...] [PRIVATE lib ...])
#   pm_add_executable(NAME SOURCES main.cc [PRIVATE lib ...])
#   pm_add_test(NAME LABEL unit|conformance|integration|... SOURCES ... [PRIVATE lib ...]
#               [DEFINITIONS ...] [TIMEOUT seconds])
#
# UNINSTRUMENTED leaves a target out of ThreadSanitizer: generated code and the thin gRPC adapters,
# whose synchronisation through gRPC the sanitizer cannot see (ARCHITECTURE.md, "Sanitizers").

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_compile_options(-pthread)  # everywhere, or precompiled headers differ from their users
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(PAYLOAD_MANAGER_SANITIZER STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=address,undefined)
elseif(PAYLOAD_MANAGER_SANITIZER STREQUAL "thread")
  add_compile_options(-g1)
  add_link_options(-fsanitize=thread)
  add_compile_definitions(PAYLOAD_MANAGER_THREAD_SANITIZER=1)
elseif(NOT PAYLOAD_MANAGER_SANITIZER STREQUAL "")
  message(FATAL_ERROR "PAYLOAD_MANAGER_SANITIZER must be empty, address or thread, "
                      "not '${PAYLOAD_MANAGER_SANITIZER}'")
endif()

function(pm_configure target uninstrumented)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow
    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi>)
  # GCC 12 sees overruns and unset members in libstdc++'s own inlined strings and maps when it
  # optimises; Clang and the debug build keep these warnings useful.
  target_compile_options(${target} PRIVATE
    $<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:GNU>>:-Wno-array-bounds;-Wno-maybe-uninitialized;-Wno-restrict;-Wno-stringop-overflow>)
  if(PAYLOAD_MANAGER_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(PAYLOAD_MANAGER_SANITIZER STREQUAL "thread" AND NOT uninstrumented)
    target_compile_options(${target} PRIVATE -fsanitize=thread)
  endif()
endfunction()

function(pm_add_library target)
  cmake_parse_arguments(ARG "OBJECT;MODULE;UNINSTRUMENTED;GRPC_PCH" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  if(ARG_OBJECT)
    add_library(${target} OBJECT ${ARG_SOURCES})
  elseif(ARG_MODULE)
    add_library(${target} MODULE ${ARG_SOURCES})
  else()
    add_library(${target} STATIC ${ARG_SOURCES})
  endif()
  target_link_libraries(${target} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  pm_configure(${target} ${ARG_UNINSTRUMENTED})
  if(ARG_GRPC_PCH)
    target_precompile_headers(${target} REUSE_FROM grpc_pch)
  endif()
endfunction()

function(pm_add_executable target)
  cmake_parse_arguments(ARG "" "" "SOURCES;PRIVATE" ${ARGN})
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE ${ARG_PRIVATE})
  pm_configure(${target} FALSE)
endfunction()

function(pm_add_test target)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SOURCES;PRIVATE;DEFINITIONS" ${ARGN})
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE ${ARG_PRIVATE} test_main)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_compile_definitions(${target} PRIVATE ${ARG_DEFINITIONS})
  target_precompile_headers(${target} REUSE_FROM test_pch)
  pm_configure(${target} FALSE)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  gtest_discover_tests(${target} DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()
